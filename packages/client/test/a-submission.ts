import type { SubmitInvoice } from '@invoicepress/client';

/** A submission that keeps the contract, with every optional part present. */
export const aSubmission = (overrides: Partial<SubmitInvoice> = {}): SubmitInvoice => ({
  ...itself,
  ...references,
  ...parties,
  ...content,
  ...payment,
  totals: {
    lineTotal: '1',
    allowanceTotal: '0',
    chargeTotal: '0.0',
    taxExclusive: '-1',
    tax: '-0.19',
    taxInclusive: '1.19',
    payable: '1.19',
  },
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

const itself = {
  number: 'R-2026-0042',
  externalId: 'order-7781',
  formats: ['pdf', 'facturx', 'ubl', 'cii', 'json'],
  profiles: ['xrechnung', 'peppol'],
  typeCode: '384',
  issueDate: '2026-03-02',
  dueDate: '2026-04-01',
  taxPointDate: '2026-02-28',
  taxPointDateCode: '432',
  currency: 'EUR',
  taxCurrency: { currency: 'PLN', rate: '4.2567' },
  language: 'de-AT',
  paperSize: 'A4',
} satisfies Partial<SubmitInvoice>;

const references = {
  businessProcess: 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0',
  buyerReference: '04011000-12345-34',
  projectReference: 'P-7',
  contractReference: 'V-2026/3',
  orderReference: 'B-88',
  salesOrderReference: 'A-91',
  receivingAdviceReference: 'WE-3',
  despatchAdviceReference: 'LS-3',
  tenderReference: 'Los 2',
  invoicedObject: { id: 'Zähler 7', scheme: 'MG' },
  accountingReference: 'KST 4711',
  precedingInvoices: [{ number: 'R-2026-0041', issueDate: '2026-03-01' }, { number: 'R-2026-0040' }],
  notes: ['Danke!\nBis bald.\tÎÄ漢字🦊', { text: 'Amtsgericht Hamburg', subjectCode: 'REG' }, { text: 'Just so' }],
} satisfies Partial<SubmitInvoice>;

const address = {
  line1: 'Speicherweg 7',
  line2: 'Hof',
  line3: 'Aufgang C',
  postCode: '20457',
  city: 'Hamburg',
  subdivision: 'HH',
  country: 'DE',
};

const parties = {
  seller: {
    name: 'Kontor Nordlicht GmbH',
    tradingName: 'Nordlicht',
    identifiers: [{ id: '4000001123452', scheme: '0088' }, { id: 'K-7' }],
    registrationId: 'HRB 1',
    registrationScheme: '0204',
    vatId: 'DE123456789',
    taxNumber: '22/815/08150',
    legalInformation: 'Geschäftsführerin: Jonna Petersen\nStammkapital 25 000 €',
    electronicAddress: { id: 'konto@nordlicht.example.com', scheme: 'EM' },
    address,
    contact: { name: 'Jonna Petersen', phone: '+49 40 66969 120', email: 'konto@nordlicht.example.com' },
  },
  buyer: { name: 'Βιβλία ΙΚΕ', vatId: 'EL123456789', address: { country: 'GR' } },
  payee: {
    name: 'Factor AG',
    identifier: { id: '0009', scheme: '0060' },
    registrationId: 'HRB 2',
    registrationScheme: '0204',
  },
  taxRepresentative: { name: 'Fiscal ΕΠΕ', vatId: 'EL987654321', address: { country: 'GR' } },
  delivery: {
    date: '2024-02-29',
    name: 'Lager',
    location: { id: '7', scheme: '0088' },
    address: { country: '1A' },
  },
  period: { start: '2026-02-01' },
} satisfies Partial<SubmitInvoice>;

const content = {
  lines: [
    {
      id: '10',
      name: 'Consulting',
      description: 'On site',
      note: 'As agreed',
      invoicedObject: { id: 'Abo 3', scheme: 'AVE' },
      orderLineReference: '4',
      accountingReference: 'KST 1',
      period: { start: '2026-02-01', end: '2026-02-28' },
      sellerItemId: 'C-1',
      buyerItemId: 'B-1',
      standardItemId: { id: '4012345678901', scheme: '0160' },
      classifications: [{ code: '79410000-1', scheme: 'STI', version: '2008' }],
      originCountry: 'DE',
      attributes: [{ name: 'Colour', value: 'black' }],
      quantity: '-0.25',
      unit: 'HUR',
      unitPrice: '80.000001',
      grossPrice: '100',
      priceDiscount: '19.999999',
      priceBaseQuantity: '0.5',
      allowances: [{ reasonCode: '95', percent: '2.5', baseAmount: '40' }],
      charges: [{ reason: 'Night', amount: '1' }],
      netAmount: '-40.00',
      taxCategory: 'S',
      taxRate: '100.0',
      taxExemptionReason: 'None',
      taxExemptionCode: 'VATEX-EU-132',
    },
    { name: 'Binding', quantity: '999999999.999999', grossPrice: '0' },
  ],
  allowances: [{ reason: 'Loyalty', amount: '0.01', taxCategory: 'E', taxExemptionReason: 'Exempt' }],
  charges: [{ reason: 'Freight', reasonCode: 'FC', amount: '9999999999999.99', taxRate: '5.5' }],
  prepaidAmount: '0',
  roundingAmount: '-0.02',
  attachments: [
    { id: 'T-1', description: 'Timesheet', file: { name: 'a.csv', mediaType: 'text/csv', base64: 'QTtCCg==' } },
    { id: 'T-2', url: 'https://nordlicht.example.com/t/2.pdf' },
  ],
} satisfies Partial<SubmitInvoice>;

const payment = {
  payment: {
    iban: 'DE89370400440532013000',
    accountId: '532013000',
    bic: 'COBADEFFXXX',
    accountName: 'Nordlicht',
    meansCode: '58',
    meansText: 'SEPA',
    moreAccounts: [{ iban: 'DE02120300000000202051' }],
    card: { number: '4711', holder: 'J. Petersen' },
    directDebit: { mandateId: 'M-1', creditorId: 'DE98ZZZ09999999999', debitedIban: 'GR1601101250000000012300695' },
    reference: 'R-42',
    terms: '30 days',
  },
} satisfies Partial<SubmitInvoice>;
