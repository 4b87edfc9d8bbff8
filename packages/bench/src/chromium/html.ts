/**
 * The default invoice as a web page: the same data, words, table, totals, payment code, fonts and measures as
 * packages/documents/templates/default, in English and euros, which is what is compared.
 */
import { epcPayload } from '@invoicepress/documents';
import { decimal, type Address, type IssuedInvoice, type Line } from '@invoicepress/invoice';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderSVG } from 'uqr';

const amounts = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 20 });
const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });
const countries = new Intl.DisplayNames('en', { type: 'region' });

const amount = (value: string): string => amounts.format(value as Intl.StringNumericLiteral);
const money = (value: string): string => euros.format(value as Intl.StringNumericLiteral);
const number = (value: string): string => numbers.format(value as Intl.StringNumericLiteral);
const date = (value: string | undefined): string | undefined => value && dates.format(new Date(value));

const units: Record<string, string> = { C62: 'pcs', HUR: 'hours', KGM: 'kg', LS: 'flat rate' };
const unit = (code: string): string => units[code] ?? code;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

type Fact = [label: string, value: string | undefined];

const facts = (rows: Fact[]): string =>
  `<dl>${rows.flatMap(([label, value]) => (value ? `<dt>${escape(label)}</dt><dd>${escape(value)}</dd>` : [])).join('')}</dl>`;

const lines = (texts: (string | undefined)[]): string =>
  texts.flatMap((text) => (text ? escape(text) : [])).join('<br>');

const addressOf = ({ line1, line2, line3, postCode, city }: Address): (string | undefined)[] => [
  line1,
  line2,
  line3,
  `${postCode ?? ''} ${city ?? ''}`.trim(),
];

const monogramOf = (name: string): string => [...name.matchAll(/(?<!\p{L})\p{L}/gu)].slice(0, 2).join('').toUpperCase();

const recipient = ({ seller, buyer }: IssuedInvoice): string => `
  <div class="recipient"><div class="return">${escape([seller.name, seller.address.line1, addressOf(seller.address).at(-1)].filter(Boolean).join(' · '))}</div>
  <p>${lines([buyer.name, buyer.contact?.name, ...addressOf(buyer.address), countries.of(buyer.address.country)])}</p></div>`;

const details = (invoice: IssuedInvoice): string =>
  facts([
    ['Invoice number', invoice.number],
    ['Date', date(invoice.issueDate)],
    ['Delivery date', date(invoice.delivery?.date)],
    ['Your order', invoice.orderReference],
    ['Your reference', invoice.buyerReference],
    ['Your VAT ID', invoice.buyer.vatId],
  ]);

const headline = ({ number: id, totals, dueDate }: IssuedInvoice): string => `
  <h1>Invoice <span>${escape(id)}</span></h1>
  <div class="highlights"><div><label>Amount due</label><strong>${money(totals.payable)}</strong></div>
  <div><label>Due date</label><b>${date(dueDate) ?? ''}</b></div></div>`;

const row = (line: Line): string => {
  const item = lines([line.sellerItemId && `Item no. ${line.sellerItemId}`, line.description]);
  const per = decimal(line.priceBaseQuantity).eq(1)
    ? ''
    : `<small>per ${number(line.priceBaseQuantity)} ${unit(line.unit)}</small>`;
  return `<tr><td class="muted">${escape(line.id)}</td><td class="name">${escape(line.name)}${item && `<small>${item}</small>`}</td>
    <td>${number(line.quantity)}</td><td class="unit">${unit(line.unit)}</td><td>${amount(line.unitPrice)}${per}</td>
    <td>${number(line.taxRate)}%</td><td>${amount(line.netAmount)}</td></tr>`;
};

const lineTable = (invoice: IssuedInvoice): string => `
  <table class="lines"><thead><tr><th>Pos.</th><th class="name">Description</th><th colspan="2" class="center">Quantity</th>
  <th>Unit price</th><th>VAT</th><th>Net amount</th></tr></thead><tbody>${invoice.lines.map(row).join('')}</tbody></table>`;

const sums = ({ totals }: IssuedInvoice): string => `
  <div class="sums"><section><h2>VAT summary</h2><table class="taxes"><thead><tr><th></th><th>Taxable</th><th>VAT</th></tr></thead><tbody>${totals.taxSubtotals
    .map(
      ({ rate, taxable, tax }) =>
        `<tr><td class="name">${number(rate)}% Standard rate</td><td>${amount(taxable)}</td><td>${amount(tax)}</td></tr>`,
    )
    .join('')}</tbody></table></section>
  <section><table class="totals"><tr><td class="name">Total without VAT</td><td>${money(totals.taxExclusive)}</td></tr>
  <tr><td class="name">VAT</td><td>${money(totals.tax)}</td></tr><tr><td class="name">Total with VAT</td><td>${money(totals.taxInclusive)}</td></tr>
  <tr class="payable"><td class="name">Amount due</td><td>${money(totals.payable)}</td></tr></table></section></div>`;

const payment = (invoice: IssuedInvoice): string => {
  const { payment: by, seller, number: id } = invoice;
  const payload = epcPayload(invoice);
  const code = payload
    ? `<figure>${renderSVG(payload, { ecc: 'M', border: 0 })}<figcaption>Scan to pay</figcaption></figure>`
    : '';
  const rows: Fact[] = [
    ['Account holder', by?.accountName ?? seller.name],
    ['IBAN', by?.iban?.replace(/.{4}(?=.)/g, '$&\u00a0')],
    ['BIC', by?.bic],
    ['Reference', by?.reference ?? id],
    ['Terms', by?.terms],
  ];
  return `<div class="payment"><div><h2>Payment</h2>${facts(rows)}</div>${code}</div>`;
};

/** What changes from invoice to invoice. */
export const invoiceBody = (invoice: IssuedInvoice): string => `
  <header><i>${monogramOf(invoice.seller.name)}</i>${escape(invoice.seller.name)}</header>
  <div class="addresses">${recipient(invoice)}${details(invoice)}</div>
  ${headline(invoice)}${lineTable(invoice)}${sums(invoice)}${payment(invoice)}`;

/** The foot of every page. Chromium prints it apart from the page, with styles of its own. */
export const pageFoot = ({ seller }: IssuedInvoice): string => {
  const columns = [
    lines([seller.name, ...addressOf(seller.address), countries.of(seller.address.country)]),
    lines([seller.contact?.name, seller.contact?.phone, seller.contact?.email]),
    lines([seller.vatId && `VAT ID ${seller.vatId}`, seller.registrationId]),
  ];
  return `<div style="font: 5.1pt/1.5 Inter; color: #5d6670; display: flex; width: 100%; margin: 0 20mm 0 25mm; padding-top: 1.4mm; border-top: .3pt solid #d5dadf">
    ${columns.map((column) => `<div style="flex: 1">${column}</div>`).join('')}
    <div>Page <span class="pageNumber"></span> of <span class="totalPages"></span></div></div>`;
};

const fontFace = (weight: number, file: string): string => {
  const path = fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`));
  return `@font-face { font-family: Inter; font-weight: ${weight}; src: url(data:font/ttf;base64,${readFileSync(path, 'base64')}) }`;
};

/** The page that stays open: styles and fonts are read once, as a careful service would do it. */
export const emptyPage =
  (): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Invoice</title><style>
  ${fontFace(400, '400Regular/Inter_400Regular.ttf')}
  ${fontFace(600, '600SemiBold/Inter_600SemiBold.ttf')}
  ${readFileSync(new URL('invoice.css', import.meta.url), 'utf8')}
</style></head><body></body></html>`;
