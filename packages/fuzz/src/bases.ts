/** Bodies that are accepted, or would be but for one thing: what schemas cannot say is right in them. */

const invoice = {
  issueDate: '2026-11-02',
  dueDate: '2026-12-02',
  currency: 'EUR',
  language: 'en',
  buyerReference: 'K. Lindqvist / 4711',
  seller: {
    name: 'Kontor Nordlicht GmbH',
    registrationId: 'HRB 214553 B',
    vatId: 'DE123456789',
    address: { line1: 'Speicherweg 7', postCode: '20457', city: 'Hamburg', country: 'DE' },
    contact: { name: 'Ida Moritz', phone: '+49 40 5557 2310', email: 'accounts@kontor-nordlicht.example' },
  },
  buyer: {
    name: 'Museum Nordlicht',
    vatId: 'ATU62345678',
    address: { line1: 'Praterstraße 22/4', postCode: '1020', city: 'Wien', country: 'AT' },
  },
  delivery: { date: '2026-10-27' },
  lines: [
    {
      name: 'Typesetting',
      description: 'Annual report',
      quantity: '12',
      unit: 'HUR',
      unitPrice: '95.00',
      taxRate: '19',
    },
    {
      name: 'Museum guide',
      quantity: '250',
      unitPrice: '6.40',
      taxRate: '7',
      allowances: [{ reason: 'Regular', amount: '5.00' }],
    },
  ],
  notes: ['Thank you for your order.'],
  payment: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', terms: 'Payable within 30 days.' },
  metadata: { project: 'spring' },
};

/** @param unique for what may be used once */
export const baseOf = (operation: string, unique: string): unknown => {
  const bases: Record<string, () => unknown> = {
    submitInvoice: () => ({ ...invoice, number: unique, externalId: unique }),
    checkInvoice: () => ({ ...invoice, number: unique }),
    submitBatch: () => ({
      invoices: [
        { ...invoice, series: 'fuzz' },
        { ...invoice, number: unique },
      ],
    }),
    createCreditNote: () => ({ reason: 'Returned', series: 'fuzz' }),
    createNumberSeries: () => ({ name: unique.toLowerCase(), prefix: `${unique}-`, padding: 4 }),
    createWebhookEndpoint: () => ({ url: `http://127.0.0.1:9/${unique}` }),
    createExport: () => ({ issuedFrom: '2026-01-01', issuedTo: '2026-12-31', formats: ['pdf'] }),
    previewTemplate: () => ({ sample: 'plain' }),
    activateTemplate: () => ({ version: 1 }),
    issueToken: () => ({ grant_type: 'client_credentials', client_id: unique, client_secret: unique }),
  };
  return bases[operation]?.();
};
