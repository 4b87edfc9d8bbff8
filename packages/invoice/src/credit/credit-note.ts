import type { Decimal } from '../money.ts';
import { isCreditNote, type InvoiceDraft, type IssuedInvoice, type TypeCode } from '../model.ts';
import type { Profile } from '../profiles.ts';
import { creditableLines, overdrawnOf, type Overdrawn } from './limits.ts';
import { creditLine, type CreditedLine, type CreditLineRequest } from './lines.ts';
import { part, partsOf, put, taxKey, without, type CreditParts } from './parts.ts';
import { creditAdjustments, creditPrepaid, creditTaxes } from './totals.ts';

/** What the sender of a credit note says; all else is the invoice's. */
export interface CreditNoteRequest extends Pick<
  InvoiceDraft,
  'number' | 'series' | 'externalId' | 'issueDate' | 'dueDate' | 'formats' | 'profiles' | 'metadata'
> {
  typeCode?: TypeCode;
  /** Printed as a note. */
  reason?: string;
  /** All that is left when absent. */
  lines?: CreditLineRequest[];
}

/** Why nothing can be credited as asked: a pointer into the request, and what would be right. */
export interface CreditFault {
  pointer: string;
  detail: string;
  /** It asks for more than is left; else the request itself makes no sense. */
  exceeds: boolean;
}

export type CreditOutcome = { draft: InvoiceDraft; parts: CreditParts } | { faults: CreditFault[] };

/**
 * The credit note over an issued invoice of which `credited` was credited before: a draft to be checked and numbered
 * like any other, and what it takes. docs/credit-notes.md has the rules of sharing.
 */
export const draftCreditNote = (
  invoice: IssuedInvoice,
  credited: CreditParts[],
  request: CreditNoteRequest,
): CreditOutcome => {
  const whole = partsOf(invoice);
  const left = without(whole, credited);
  const head = headOf(invoice, request);
  if (credited.length === 0 && !request.lines) return { draft: { ...head, ...contentOf(invoice) }, parts: whole };

  const found = creditLines(
    invoice,
    left,
    request.lines ?? creditableLines(invoice, left).map(({ line }) => ({ line })),
  );
  if ('faults' in found) return found;
  const { lines } = found;
  if (lines.length === 0) return exceeding('', 'nothing is left to be credited of this invoice');

  const taken: CreditParts = Object.assign({}, ...lines.map(({ parts }) => parts));
  const takesAll = creditableLines(invoice, without(left, [taken])).length === 0;
  const adjustments = creditAdjustments(invoice, left, lines, takesAll);
  Object.assign(taken, adjustments.parts, taxables(invoice, lines, adjustments.parts));
  const keys = new Set(
    [...lines.map(({ draft }) => draft), ...adjustments.allowances, ...adjustments.charges].map((each) =>
      taxKey({ taxCategory: each.taxCategory ?? 'S', taxRate: each.taxRate ?? '0' }),
    ),
  );
  const { taxes, parts } = creditTaxes(invoice, left, taken, keys);
  Object.assign(taken, parts);
  Object.assign(taken, creditPrepaid(invoice, left, taken, takesAll));
  const overdrawn = overdrawnOf(invoice, without(left, [taken]));
  if (overdrawn) return exceeding('/lines', overdrawnDetail(overdrawn));

  const draft: InvoiceDraft = {
    ...head,
    lines: lines.map((line) => line.draft),
    ...(adjustments.allowances.length > 0 && { allowances: adjustments.allowances }),
    ...(adjustments.charges.length > 0 && { charges: adjustments.charges }),
    ...(taken['prepaid'] !== undefined && { prepaidAmount: taken['prepaid'] }),
    ...(taken['rounding'] !== undefined && { roundingAmount: taken['rounding'] }),
    taxShares: taxes,
  };
  return { draft, parts: taken };
};

/** Whether a credit note that gave its amounts back, because it failed, may take them again. */
export const mayTakeAgain = (
  invoice: IssuedInvoice,
  credited: CreditParts[],
  parts: CreditParts,
): Overdrawn | undefined => overdrawnOf(invoice, without(partsOf(invoice), [...credited, parts]));

const exceeding = (pointer: string, detail: string): CreditOutcome => ({
  faults: [{ pointer, detail, exceeds: true }],
});

const overdrawnDetail = ({ what }: Overdrawn): string =>
  `more would be credited of ${what} than is left of it; credit the returns and allowances that belong to it with it`;

const creditLines = (
  invoice: IssuedInvoice,
  left: CreditParts,
  requests: CreditLineRequest[],
): { lines: CreditedLine[] } | { faults: CreditFault[] } => {
  const lines: CreditedLine[] = [];
  const faults: CreditFault[] = [];
  const named = new Set<string>();
  requests.forEach((request, i) => {
    const at = `/lines/${i}`;
    const fault = (field: string, detail: string, exceeds = false) =>
      faults.push({ pointer: `${at}/${field}`, detail, exceeds });
    const indexes = invoice.lines.flatMap(({ id }, index) => (id === request.line ? [index] : []));
    const [index] = indexes;
    if (named.has(request.line))
      return fault('line', 'was named before; say it once, with the whole quantity or amount');
    named.add(request.line);
    if (index === undefined) return fault('line', `is no line of the invoice; its lines are ${someIds(invoice)}`);
    if (indexes.length > 1)
      return fault('line', 'is the id of several lines of the invoice; such an invoice is credited as a whole');
    const credited = creditLine(invoice, left, index, request);
    if ('fault' in credited) return fault(credited.field, credited.fault, true);
    lines.push(credited);
  });
  return faults.length > 0 ? { faults } : { lines: lines.toSorted((a, b) => a.index - b.index) };
};

const SOME = 20;
const someIds = ({ lines }: IssuedInvoice): string =>
  lines
    .slice(0, SOME)
    .map(({ id }) => id)
    .join(', ') + (lines.length > SOME ? ', …' : '');

const taxables = (invoice: IssuedInvoice, lines: CreditedLine[], adjustments: CreditParts): CreditParts => {
  const parts: CreditParts = {};
  const add = (key: string, value: Decimal) => put(parts, `taxable/${key}`, part(parts, `taxable/${key}`).plus(value));
  for (const { index, net } of lines) {
    const line = invoice.lines[index];
    if (line) add(taxKey(line), net);
  }
  invoice.charges.forEach((each, i) => add(taxKey(each), part(adjustments, `charge/${i}`)));
  invoice.allowances.forEach((each, i) => add(taxKey(each), part(adjustments, `allowance/${i}`).neg()));
  return parts;
};

/** Lines, allowances and charges as they were: the totals are the invoice's. */
const contentOf = ({ lines, allowances, charges, prepaidAmount, roundingAmount }: IssuedInvoice) => ({
  lines,
  allowances,
  charges,
  ...(prepaidAmount !== undefined && { prepaidAmount }),
  ...(roundingAmount !== undefined && { roundingAmount }),
});

/** UNTDID 1001: what credits a self-billed or a factored invoice has a type of its own, which XRechnung lacks (BR-DE-17). */
const creditTypeOf = (typeCode: TypeCode, profiles: readonly Profile[]): TypeCode => {
  const types: Partial<Record<TypeCode, TypeCode>> = { '389': '261', '393': '396' };
  return (profiles.includes('xrechnung') ? undefined : types[typeCode]) ?? '381';
};

/** The reason, and of the invoice's notes those with a subject (BT-21), which are law's. Peppol carries one note (R002). */
const notesOf = ({ notes }: IssuedInvoice, reason: string | undefined, profiles: readonly Profile[]) => {
  const kept = notes.filter(({ subjectCode }) => subjectCode !== undefined);
  const [only] = kept;
  if (reason !== undefined && only && kept.length === 1 && profiles.includes('peppol'))
    return [{ ...only, text: `${only.text}\n${reason}` }];
  return [...(reason === undefined ? [] : [reason]), ...kept];
};

/**
 * Parties, currency, references, delivery and period are the invoice's. What asks for payment is left out (due date,
 * terms, remittance), and so are its tax point, attachments and free notes.
 */
const headOf = (invoice: IssuedInvoice, request: CreditNoteRequest): Omit<InvoiceDraft, 'lines'> => {
  const {
    lines: _lines,
    allowances: _allowances,
    charges: _charges,
    totals: _totals,
    prepaidAmount: _prepaid,
    roundingAmount: _rounding,
    number,
    issueDate,
    typeCode,
    dueDate: _due,
    taxPointDate: _taxPoint,
    attachments: _attachments,
    notes: _notes,
    payment,
    ...kept
  } = invoice;
  const { reason, lines: _requested, ...given } = request;
  const { terms: _terms, reference: _reference, ...means } = payment ?? {};
  const profiles = request.profiles ?? invoice.profiles;
  return {
    ...kept,
    typeCode: creditTypeOf(typeCode, profiles),
    precedingInvoices: [{ number, issueDate }],
    notes: notesOf(invoice, reason, profiles),
    ...(Object.keys(means).length > 0 && { payment: means }),
    ...given,
  };
};

/** Only what asks for money can be credited. */
export const isCreditable = (typeCode: TypeCode): boolean => !isCreditNote(typeCode);
