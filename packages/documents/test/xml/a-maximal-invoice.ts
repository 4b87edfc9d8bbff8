import { issueInvoice, type InvoiceDraft, type IssuedInvoice } from '@invoicepress/invoice';

/**
 * A draft that says all that the standard can say in one invoice and still keeps its rules. What excludes something here
 * (a tax point by code, a card, a direct debit) is for overrides to say.
 */
export const aMaximalDraft = (overrides: Partial<InvoiceDraft> = {}): InvoiceDraft => ({
  number: 'BT-1',
  issueDate: '2026-11-22',
  dueDate: '2026-12-22',
  taxPointDate: '2026-11-21',
  currency: 'EUR',
  taxCurrency: { currency: 'PLN', rate: '4.25' },
  businessProcess: 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0',
  buyerReference: 'BT-10',
  projectReference: 'BT-11',
  contractReference: 'BT-12',
  orderReference: 'BT-13',
  salesOrderReference: 'BT-14',
  receivingAdviceReference: 'BT-15',
  despatchAdviceReference: 'BT-16',
  tenderReference: 'BT-17',
  invoicedObject: { id: 'BT-18', scheme: 'AVE' },
  accountingReference: 'BT-19',
  precedingInvoices: [{ number: 'BT-25', issueDate: '2026-10-01' }],
  notes: [{ text: 'BT-22', subjectCode: 'AAI' }, 'BT-22, plain'],
  seller: {
    name: 'BT-27',
    tradingName: 'BT-28',
    identifiers: [{ id: '4012345000009', scheme: '0088' }, { id: 'BT-29' }],
    registrationId: '123456789',
    registrationScheme: '0002',
    vatId: 'DE293847561',
    taxNumber: 'BT-32',
    legalInformation: 'BT-33',
    electronicAddress: { id: 'bt-34@example.com', scheme: 'EM' },
    address: {
      line1: 'BT-35',
      line2: 'BT-36',
      line3: 'BT-162',
      city: 'BT-37',
      postCode: 'BT-38',
      subdivision: 'BT-39',
      country: 'DE',
    },
    contact: { name: 'BT-41', phone: '+49 30 42', email: 'bt-43@example.com' },
  },
  buyer: {
    name: 'BT-44',
    tradingName: 'BT-45',
    identifiers: [{ id: 'BT-46', scheme: '0060' }],
    registrationId: 'BT-47',
    registrationScheme: '0060',
    vatId: 'ATU62345678',
    electronicAddress: { id: 'bt-49@example.com', scheme: 'EM' },
    address: {
      line1: 'BT-50',
      line2: 'BT-51',
      line3: 'BT-163',
      city: 'BT-52',
      postCode: 'BT-53',
      subdivision: 'BT-54',
      country: 'AT',
    },
    contact: { name: 'BT-56', phone: '+43 1 57', email: 'bt-58@example.com' },
  },
  payee: {
    name: 'BT-59',
    identifier: { id: 'BT-60', scheme: '0060' },
    registrationId: 'BT-61',
    registrationScheme: '0060',
  },
  taxRepresentative: {
    name: 'BT-62',
    vatId: 'PL1234567890',
    address: {
      line1: 'BT-64',
      line2: 'BT-65',
      line3: 'BT-164',
      city: 'BT-66',
      postCode: 'BT-67',
      subdivision: 'BT-68',
      country: 'PL',
    },
  },
  delivery: {
    date: '2026-11-20',
    name: 'BT-70',
    location: { id: 'BT-71', scheme: '0060' },
    address: {
      line1: 'BT-75',
      line2: 'BT-76',
      line3: 'BT-165',
      city: 'BT-77',
      postCode: 'BT-78',
      subdivision: 'BT-79',
      country: 'CZ',
    },
  },
  period: { start: '2026-11-01', end: '2026-11-30' },
  lines: [
    {
      id: 'BT-126',
      name: 'BT-153',
      description: 'BT-154',
      note: 'BT-127',
      invoicedObject: { id: 'BT-128', scheme: 'AVE' },
      orderLineReference: 'BT-132',
      accountingReference: 'BT-133',
      period: { start: '2026-11-02', end: '2026-11-29' },
      sellerItemId: 'BT-155',
      buyerItemId: 'BT-156',
      standardItemId: { id: 'BT-157', scheme: '0060' },
      classifications: [{ code: 'BT-158', scheme: 'STI', version: '2008' }],
      originCountry: 'SK',
      attributes: [
        { name: 'BT-160', value: 'BT-161' },
        { name: 'BT-160, another', value: 'BT-161, another' },
      ],
      quantity: '1000',
      unit: 'KGM',
      grossPrice: '45.125',
      priceDiscount: '0.125',
      priceBaseQuantity: '100',
      allowances: [
        { reason: 'BT-139', reasonCode: '95', amount: '45.00', baseAmount: '450.00', percent: '10' },
        { reason: 'BT-139, another', amount: '5.00' },
      ],
      charges: [{ reason: 'BT-144', reasonCode: 'FC', amount: '9.00', baseAmount: '450.00', percent: '2' }],
      taxRate: '19',
    },
    {
      name: 'Training',
      quantity: '2',
      unit: 'HUR',
      unitPrice: '80',
      taxCategory: 'E',
      taxExemptionReason: 'BT-120',
      taxExemptionCode: 'VATEX-EU-132',
    },
  ],
  allowances: [
    {
      reason: 'BT-97',
      reasonCode: '95',
      amount: '20.45',
      baseAmount: '409.00',
      percent: '5',
      taxRate: '19',
    },
  ],
  charges: [{ reason: 'BT-104', reasonCode: 'FC', amount: '8.18', baseAmount: '409.00', percent: '2', taxRate: '19' }],
  prepaidAmount: '100.01',
  roundingAmount: '-0.01',
  payment: {
    meansText: 'BT-82',
    iban: 'DE89370400440532013000',
    bic: 'COBADEFFXXX',
    accountName: 'BT-85',
    moreAccounts: [{ iban: 'AT611904300234573201' }],
    reference: 'BT-83',
    terms: 'BT-20',
  },
  attachments: [
    {
      id: 'BT-122',
      description: 'BT-123',
      url: 'https://example.com/bt-124',
      file: { name: 'bt-125.csv', mediaType: 'text/csv', base64: 'QlQtMTI1' },
    },
  ],
  ...overrides,
});

/** The same, issued. */
export const aMaximalInvoice = (overrides: Partial<InvoiceDraft> = {}): IssuedInvoice => {
  const draft = aMaximalDraft(overrides);
  return issueInvoice(draft, draft.number ?? 'BT-1', '2026-11-22');
};

/** What a direct debit says in place of accounts. */
export const aDirectDebit: NonNullable<InvoiceDraft['payment']> = {
  directDebit: { mandateId: 'BT-89', creditorId: 'DE98ZZZ09999999999', debitedIban: 'AT611904300234573201' },
};

export const aCard: NonNullable<InvoiceDraft['payment']> = { card: { number: '123456', holder: 'BT-88' } };
