import { issueInvoice, type DraftLine, type InvoiceDraft, type IssuedInvoice } from '@invoicepress/invoice';

const goods: Omit<DraftLine, 'quantity'>[] = [
  {
    name: 'Letterpress business cards',
    description: '600 g cotton, two colours, edge painted',
    unitPrice: '0.84',
    sellerItemId: 'BC-600',
  },
  { name: 'Typesetting', description: 'Annual report, 64 pages', unit: 'HUR', unitPrice: '95.00' },
  { name: 'Munken Lynx Rough 300 g/m²', unit: 'KGM', unitPrice: '4.275', sellerItemId: 'P-300-LR' },
  { name: 'Thread sewing', unit: 'C62', unitPrice: '1250', priceBaseQuantity: '1000' },
  { name: 'Museum guide, printed', unitPrice: '6.40', taxRate: '7' },
  { name: 'Courier, Berlin to Vienna', unit: 'LS', unitPrice: '68.00' },
];

/** As many different lines as asked for, with quantities that differ too. */
export const someLines = (count: number): DraftLine[] =>
  Array.from({ length: count }, (_, index) => ({
    taxRate: '19',
    ...(goods[index % goods.length] ?? { name: 'Proof', unitPrice: '12.00' }),
    quantity: String(((index * 7) % 40) + 1),
  }));

/**
 * An issued invoice for tests and measurements: complete, with totals that agree. Overrides are those of a draft;
 * the totals follow from them.
 */
export function anIssuedInvoice(overrides: Partial<InvoiceDraft> = {}): IssuedInvoice {
  const draft: InvoiceDraft = {
    issueDate: '2026-11-22',
    dueDate: '2026-12-22',
    currency: 'EUR',
    language: 'en',
    paperSize: 'A4',
    orderReference: 'PO-88213',
    buyerReference: 'K. Lindqvist / 4711',
    seller: {
      name: 'Halden & Moritz GmbH',
      registrationId: 'HRB 214553 B',
      vatId: 'DE293847561',
      address: { line1: 'Oranienstraße 183', postCode: '10999', city: 'Berlin', country: 'DE' },
      contact: { name: 'Ida Moritz', phone: '+49 30 5557 2310', email: 'rechnung@halden-moritz.example' },
    },
    buyer: {
      name: 'Museum Nordlicht',
      vatId: 'ATU62345678',
      address: { line1: 'Praterstraße 22/4', postCode: '1020', city: 'Wien', country: 'AT' },
      contact: { name: 'Karin Lindqvist' },
    },
    delivery: { date: '2026-11-20' },
    lines: someLines(12),
    payment: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', terms: 'Payable within 30 days without deduction.' },
    ...overrides,
  };
  return issueInvoice(draft, draft.number ?? 'INV-2026-00042', '2026-11-22');
}
