import type { DraftLine, InvoiceDraft } from '@invoicepress/invoice';

/** A line that breaks no rule: three hours at 80.00, with 19 % VAT. */
export const aLine = (overrides: Partial<DraftLine> = {}): DraftLine => ({
  name: 'Consulting',
  quantity: '3',
  unit: 'HUR',
  unitPrice: '80.00',
  taxRate: '19',
  ...overrides,
});

/**
 * A draft that breaks no rule, to be bent as a test needs it. It brings its own number unless a series is given.
 * Two lines, 240.00 and 59.70 net, 299.70 + 56.94 VAT = 356.64.
 */
export const aDraft = (overrides: Partial<InvoiceDraft> = {}): InvoiceDraft => ({
  ...(overrides.series === undefined && { number: 'R-2026-0042' }),
  issueDate: '2026-03-02',
  dueDate: '2026-04-01',
  currency: 'EUR',
  language: 'en',
  seller: {
    name: 'Kontor Nordlicht GmbH',
    vatId: 'DE123456789',
    address: { line1: 'Speicherweg 7', postCode: '20457', city: 'Hamburg', country: 'DE' },
  },
  buyer: {
    name: 'Atelier Linde KG',
    vatId: 'DE987654321',
    address: { line1: 'Lindenallee 12', postCode: '04109', city: 'Leipzig', country: 'DE' },
  },
  lines: [aLine(), aLine({ name: 'Binding', quantity: '6', unit: 'C62', unitPrice: '9.95' })],
  ...overrides,
});
