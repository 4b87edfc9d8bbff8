import { isCreditNote, isIban, type IssuedInvoice } from '@invoicepress/invoice';
import { encode } from 'uqr';

/** Limits of EPC069-12 v2.1: characters per element, bytes in all, QR version (size). */
const maxNameLength = 70;
const maxReferenceLength = 140;
const maxPayloadBytes = 331;
const maxVersion = 13;
/** Any of the eight masks reads well at this size; weighing them all would take longer than typesetting a page. */
const maskPattern = 2;

const bic = /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/;
/** ISO 11649; has an element of its own. */
const creditorReference = /^RF\d{2}[A-Z0-9]{1,21}$/;
/** UNCL 4461: credit transfer, to a bank account, by SEPA. All others are paid in another way, or are collected. */
const transfers: ReadonlySet<string> = new Set(['30', '42', '58']);
/** 0.01 to 999,999,999.99 euros. */
const amount = /^\d{1,9}(\.\d{1,2})?$/;

/**
 * What a banking app reads from the payment code: a SEPA credit transfer as in EPC069-12 version 002 (GiroCode).
 * Undefined where such a transfer cannot pay the invoice, or must not: no IBAN, not in euros, nothing to pay, money that
 * goes back, direct debit, card.
 */
export function epcPayload(invoice: IssuedInvoice): string | undefined {
  const { payment, payee, totals, seller } = invoice;
  const account = compact(payment?.iban);
  const reference = oneLine(payment?.reference ?? invoice.number);
  const structured = creditorReference.test(compact(reference));
  if (invoice.currency !== 'EUR' || isCreditNote(invoice.typeCode)) return undefined;
  if (payment?.directDebit || payment?.card || !transfers.has(payment?.meansCode ?? '58')) return undefined;
  if (!isIban(account) || !amount.test(totals.payable) || Number(totals.payable) < 0.01) return undefined;
  const payload = [
    'BCD',
    '002',
    '1', // UTF-8
    'SCT',
    bic.test(compact(payment?.bic)) ? compact(payment?.bic) : '',
    cut(oneLine(payment?.accountName ?? payee?.name ?? seller.name), maxNameLength),
    account,
    `EUR${totals.payable}`,
    '', // purpose
    structured ? compact(reference) : '',
    structured ? '' : cut(reference, maxReferenceLength),
  ]
    .join('\n')
    .trimEnd();
  return Buffer.byteLength(payload) <= maxPayloadBytes ? payload : undefined;
}

/** The code as a picture: an SVG of one path, one unit per module, without the quiet zone. */
export function paymentCodeSvg(payload: string): string {
  const { data, size } = encode(payload, { ecc: 'M', border: 0, maxVersion, maskPattern, boostEcc: false });
  const runs = data.flatMap((row, y) => darkRuns(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path d="${runs.join('')}"/></svg>`;
}

function darkRuns(row: boolean[]): [start: number, width: number][] {
  const starts = row.flatMap((dark, x) => (dark && !row[x - 1] ? [x] : []));
  return starts.map((start) => {
    const end = row.indexOf(false, start);
    return [start, (end < 0 ? row.length : end) - start];
  });
}

const compact = (text = ''): string => text.replace(/\s/g, '').toUpperCase();
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const cut = (text: string, length: number): string => [...text].slice(0, length).join('');
