/**
 * The invoices that every version of a template is tried on. Whoever and whatever is named in them is invented. Imported
 * apart from the renderer, so that a worker holds neither Typst nor fonts.
 */
import {
  issueInvoice,
  type DraftLine,
  type InvoiceDraft,
  type IssuedInvoice,
  type SampleName,
} from '@invoicepress/invoice';

const plain: InvoiceDraft = {
  issueDate: '2026-03-02',
  dueDate: '2026-04-01',
  currency: 'EUR',
  language: 'en',
  buyerReference: 'K. Lindqvist / 4711',
  orderReference: 'PO-88213',
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
  delivery: { date: '2026-02-27' },
  lines: [
    {
      name: 'Typesetting',
      description: 'Annual report, 64 pages',
      quantity: '12',
      unit: 'HUR',
      unitPrice: '95.00',
      taxRate: '19',
    },
    { name: 'Museum guide, printed', quantity: '250', unitPrice: '6.40', taxRate: '7' },
    { name: 'Courier #1: "Berlin–Wien" $_*', quantity: '1', unit: 'LS', unitPrice: '68.00', taxRate: '19' },
  ],
  notes: ['Thank you for your order.'],
  payment: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', terms: 'Payable within 30 days without deduction.' },
};

const aLine = (index: number): DraftLine => ({
  name: `Binding no. ${index + 1}`,
  ...(index % 3 === 0 && { description: 'Half cloth, thread-sewn, with a ribbon and a slipcase for each volume' }),
  quantity: String(((index * 7) % 40) + 1),
  unitPrice: `${(index % 90) + 4}.95`,
  taxRate: index % 4 === 0 ? '7' : '19',
  ...(index % 10 === 0 && { allowances: [{ reason: 'Regular customer', percent: '5' }] }),
});

const rightToLeft: InvoiceDraft = {
  ...plain,
  language: 'ar-AE',
  currency: 'AED',
  seller: {
    name: 'شركة واحة النخيل للتمور ذ.م.م',
    taxNumber: '100000000000018',
    address: { line1: 'شارع الواحة، مبنى ٧', city: 'العين', country: 'AE' },
  },
  buyer: {
    name: 'فندق خليج اللؤلؤ',
    tradingName: 'Pearl Bay Hotel',
    address: { line1: 'شارع الكورنيش ٢٢', city: 'أبوظبي', country: 'AE' },
  },
  lines: [
    { name: 'تمر خلاص فاخر', quantity: '120', unit: 'KGM', unitPrice: '38.50', taxRate: '5' },
    { name: 'علبة هدايا (Gift box)', quantity: '60', unitPrice: '85.00', taxRate: '5' },
  ],
  notes: ['شكرا لكم'],
  payment: { terms: 'Payable within 30 days.' },
};

const drafts: Record<SampleName, InvoiceDraft> = {
  plain,
  'many-lines': { ...plain, language: 'de', lines: Array.from({ length: 80 }, (_, index) => aLine(index)) },
  'right-to-left': rightToLeft,
  'credit-note': {
    ...plain,
    language: 'fr',
    typeCode: '381',
    precedingInvoices: [{ number: 'R-2026-0042', issueDate: '2026-02-02' }],
    payment: { terms: 'Avoir à déduire de la prochaine facture.' },
  },
};

export const sampleInvoice = (name: SampleName): IssuedInvoice =>
  issueInvoice({ ...drafts[name], formats: ['facturx'] }, `SAMPLE-${name.toUpperCase()}`, '2026-03-02');
