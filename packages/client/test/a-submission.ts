import type { SubmitInvoice } from '@invoicepress/client';

/** A submission that keeps the contract, with every optional part present. */
export const aSubmission = (overrides: Partial<SubmitInvoice> = {}): SubmitInvoice => ({
  number: 'R-2026-0042',
  externalId: 'order-7781',
  typeCode: '380',
  issueDate: '2026-03-02',
  dueDate: '2026-04-01',
  currency: 'EUR',
  language: 'de-AT',
  paperSize: 'A4',
  buyerReference: '04011000-12345-34',
  orderReference: 'B-88',
  contractReference: 'V-2026/3',
  precedingInvoice: { number: 'R-2026-0041', issueDate: '2026-03-01' },
  notes: ['Danke!\nBis bald.\tÎÄ漢字🦊'],
  seller: {
    name: 'Kontor Nordlicht GmbH',
    tradingName: 'Nordlicht',
    registrationId: 'HRB 1',
    vatId: 'DE123456789',
    taxNumber: '22/815/08150',
    address: { line1: 'Speicherweg 7', line2: 'Hof', line3: 'Aufgang C', postCode: '20457', city: 'Hamburg', subdivision: 'HH', country: 'DE' },
    contact: { name: 'Jonna Petersen', phone: '+49 40 66969 120', email: 'konto@nordlicht.example.com' },
  },
  buyer: { name: 'Βιβλία ΙΚΕ', vatId: 'EL123456789', address: { country: 'GR' } },
  delivery: { date: '2024-02-29', name: 'Lager', address: { country: '1A' } },
  period: { start: '2026-02-01', end: '2026-02-28' },
  lines: [
    {
      id: '10',
      name: 'Consulting',
      description: 'On site',
      sellerItemId: 'C-1',
      quantity: '-0.25',
      unit: 'HUR',
      unitPrice: '80.000001',
      priceBaseQuantity: '0.5',
      netAmount: '-40.00',
      taxCategory: 'S',
      taxRate: '100.0',
      taxExemptionReason: 'None',
    },
    { name: 'Binding', quantity: '999999999.999999', unitPrice: '0' },
  ],
  allowances: [{ reason: 'Loyalty', amount: '0.01', taxCategory: 'E', taxExemptionReason: 'Exempt' }],
  charges: [{ reason: 'Freight', amount: '9999999999999.99', taxRate: '5.5' }],
  prepaidAmount: '0',
  payment: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', accountName: 'Nordlicht', reference: 'R-42', terms: '30 days' },
  totals: { lineTotal: '1', allowanceTotal: '0', chargeTotal: '0.0', taxExclusive: '-1', tax: '-0.19', taxInclusive: '1.19', payable: '1.19' },
  metadata: { project: 'alpha', a: { b: { c: { d: { e: 'five levels' } } } }, list: [1, true, null] },
  ...overrides,
});

/** The least there is. */
export const aSmallSubmission = (overrides: Partial<SubmitInvoice> = {}): SubmitInvoice => ({
  currency: 'EUR',
  seller: { name: 'S', address: { country: 'DE' } },
  buyer: { name: 'B', address: { country: 'DE' } },
  lines: [{ name: 'L', quantity: '1', unitPrice: '1' }],
  ...overrides,
});
