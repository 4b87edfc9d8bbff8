/** The invoices that are measured: ordinary ones, no two alike, so that no cache can answer for the work. */
import { issueInvoice, type DraftLine, type InvoiceDraft, type IssuedInvoice } from '@invoicepress/invoice';

const goods: Omit<DraftLine, 'quantity' | 'unitPrice'>[] = [
  {
    name: 'Letterpress business cards',
    description: '600 g cotton, two colours, edge painted',
    sellerItemId: 'BC-600',
  },
  { name: 'Typesetting', description: 'Annual report, 64 pages', unit: 'HUR' },
  { name: 'Munken Lynx Rough 300 g/m²', unit: 'KGM', sellerItemId: 'P-300-LR' },
  { name: 'Thread sewing', unit: 'C62', priceBaseQuantity: '1000' },
  { name: 'Museum guide, printed', taxRate: '7' },
  { name: 'Courier, Berlin to Vienna', unit: 'LS' },
];

const buyers = [
  'Museum Nordlicht',
  'Atelier Linde KG',
  'Buchhandlung am Graben',
  'Verlag Johanna Weiß GmbH',
  'Café Zentral e. K.',
];

/** An ordinary invoice: with its totals and payment block it takes two pages of A4. */
const ORDINARY_LINES = 12;

/**
 * One draft as a client app submits it.
 * @param seed decides quantities, prices and buyer; the same seed gives the same draft
 */
export const aDraft = (number: string, seed: number, lineCount = ORDINARY_LINES): InvoiceDraft => ({
  number,
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  currency: 'EUR',
  language: 'en',
  paperSize: 'A4',
  orderReference: `PO-${88_213 + seed}`,
  buyerReference: 'K. Lindqvist / 4711',
  seller: {
    name: 'Halden & Moritz GmbH',
    registrationId: 'HRB 214553 B',
    vatId: 'DE293847561',
    address: { line1: 'Oranienstraße 183', postCode: '10999', city: 'Berlin', country: 'DE' },
    contact: { name: 'Ida Moritz', phone: '+49 30 5557 2310', email: 'rechnung@halden-moritz.example' },
  },
  buyer: {
    name: buyers[seed % buyers.length] ?? 'Museum Nordlicht',
    vatId: 'ATU62345678',
    address: { line1: `Praterstraße ${(seed % 97) + 1}`, postCode: '1020', city: 'Wien', country: 'AT' },
    contact: { name: 'Karin Lindqvist' },
  },
  delivery: { date: '2026-11-20' },
  lines: Array.from({ length: lineCount }, (_, index) => aLine(seed, index)),
  payment: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', terms: 'Payable within 30 days without deduction.' },
});

const aLine = (seed: number, index: number): DraftLine => ({
  taxRate: '19',
  ...(goods[index % goods.length] ?? { name: 'Proof' }),
  quantity: String(((seed + index * 7) % 40) + 1),
  unitPrice: (0.84 + ((seed * 37 + index * 101) % 9_000) / 100).toFixed(2),
});

/** `count` drafts whose numbers begin with `prefix`, which must be new to the tenant. */
export const someDrafts = (prefix: string, count: number): InvoiceDraft[] =>
  Array.from({ length: count }, (_, index) => aDraft(`${prefix}-${String(index + 1).padStart(5, '0')}`, index));

/** What the API freezes when it accepts the draft: the renderers' input. */
export const issue = (draft: InvoiceDraft): IssuedInvoice =>
  issueInvoice(draft, draft.number ?? '', draft.issueDate ?? '2026-11-22');
