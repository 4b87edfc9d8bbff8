/** One invoice that each country would know as its own, and the cases that auditors ask for. */
import type { InvoiceDraft, Party } from '@invoicepress/invoice';

const hamburg: Party = {
  name: 'Kontor Nordlicht GmbH',
  vatId: 'DE123456788',
  registrationId: 'HRB 98765',
  legalInformation: 'Amtsgericht Hamburg, Geschäftsführerin: Wiebke Petersen',
  electronicAddress: { scheme: '9930', id: 'DE123456788' },
  address: { line1: 'Speicherweg 7', postCode: '20457', city: 'Hamburg', country: 'DE' },
  contact: { name: 'Wiebke Petersen', phone: '+49 40 1234567', email: 'rechnung@nordlicht.example' },
};

const ghent: Party = {
  name: 'Drukkerij Leie BV',
  vatId: 'BE0123456749',
  registrationId: '0123456749',
  registrationScheme: '0208',
  electronicAddress: { scheme: '0208', id: '0123456749' },
  address: { line1: 'Graslei 12', postCode: '9000', city: 'Gent', country: 'BE' },
};

const antwerp: Party = {
  name: 'Uitgeverij De Schelde NV',
  vatId: 'BE0202239951',
  registrationId: '0202239951',
  registrationScheme: '0208',
  electronicAddress: { scheme: '0208', id: '0202239951' },
  address: { line1: 'Meir 50', postCode: '2000', city: 'Antwerpen', country: 'BE' },
};

const germany: InvoiceDraft = {
  number: 'R-2026-0042',
  profiles: ['xrechnung'],
  language: 'de',
  issueDate: '2026-03-02',
  dueDate: '2026-04-01',
  currency: 'EUR',
  buyerReference: '04011000-12345-03',
  orderReference: 'B-2026-118',
  seller: hamburg,
  buyer: {
    name: 'Freie Hansestadt Bremen, Bauamt',
    electronicAddress: { scheme: '0204', id: '04011000-12345-03' },
    address: { line1: 'Am Markt 21', postCode: '28195', city: 'Bremen', country: 'DE' },
  },
  period: { start: '2026-02-01', end: '2026-02-28' },
  notes: ['Vielen Dank für Ihren Auftrag.'],
  lines: [
    { name: 'Beratung Ausschreibung', quantity: '12.5', unit: 'HUR', unitPrice: '96.00', taxRate: '19' },
    {
      name: 'Fachliteratur',
      quantity: '3',
      grossPrice: '45.00',
      priceDiscount: '4.50',
      taxRate: '7',
      standardItemId: { scheme: '0160', id: '04012345123456' },
    },
    {
      name: 'Reisekosten',
      quantity: '240',
      unit: 'KMT',
      unitPrice: '30',
      priceBaseQuantity: '100',
      taxRate: '19',
      charges: [{ reason: 'Parken', amount: '8.40' }],
    },
  ],
  allowances: [{ reason: 'Treuerabatt', percent: '2', baseAmount: '1200.00', taxRate: '19' }],
  payment: {
    iban: 'DE02120300000000202051',
    bic: 'BYLADEM1001',
    accountName: 'Kontor Nordlicht GmbH',
    terms: '#SKONTO#TAGE=7#PROZENT=2.00#',
  },
};

const france: InvoiceDraft = {
  number: 'FA-2026-0107',
  profiles: ['facturx', 'fr-ctc'],
  language: 'fr',
  issueDate: '2026-09-04',
  dueDate: '2026-10-04',
  currency: 'EUR',
  businessProcess: 'M1',
  orderReference: 'CMD-5521',
  seller: {
    name: 'Atelier du Rhône SAS',
    vatId: 'FR40303265045',
    registrationId: '303265045',
    registrationScheme: '0002',
    legalInformation: 'SAS au capital de 20 000 €, RCS Lyon',
    electronicAddress: { scheme: '0225', id: '303265045' },
    address: { line1: '14 quai Saint-Antoine', postCode: '69002', city: 'Lyon', country: 'FR' },
  },
  buyer: {
    name: 'Librairie Graslin SARL',
    vatId: 'FR83404833048',
    registrationId: '404833048',
    registrationScheme: '0002',
    electronicAddress: { scheme: '0225', id: '404833048' },
    address: { line1: '3 place Graslin', postCode: '44000', city: 'Nantes', country: 'FR' },
  },
  notes: [
    { subjectCode: 'PMT', text: 'Indemnité forfaitaire pour frais de recouvrement : 40 €' },
    { subjectCode: 'PMD', text: 'Pénalités de retard : trois fois le taux d’intérêt légal' },
    { subjectCode: 'AAB', text: 'Pas d’escompte pour paiement anticipé' },
  ],
  delivery: {
    date: '2026-09-03',
    address: { line1: '3 place Graslin', postCode: '44000', city: 'Nantes', country: 'FR' },
  },
  lines: [
    { name: 'Reliure cousue', quantity: '40', unitPrice: '18.50', taxRate: '20' },
    { name: 'Livres anciens', quantity: '6', unitPrice: '62.00', taxRate: '5.5' },
  ],
  charges: [{ reason: 'Transport', reasonCode: 'FC', amount: '25.00', taxRate: '20' }],
  prepaidAmount: '300.00',
  payment: { iban: 'FR1420041010050500013M02606' },
};

const belgium: InvoiceDraft = {
  number: '2026/0815',
  profiles: ['peppol'],
  language: 'nl',
  issueDate: '2026-01-15',
  dueDate: '2026-02-14',
  currency: 'EUR',
  buyerReference: 'PO-33871',
  seller: ghent,
  buyer: antwerp,
  lines: [
    { name: 'Brochure, 16 blz.', quantity: '1500', unitPrice: '0.84', taxRate: '6' },
    { name: 'Ontwerp', quantity: '9', unit: 'HUR', unitPrice: '72.00', taxRate: '21' },
  ],
  roundingAmount: '-0.02',
  payment: { iban: 'BE68539007547034', reference: '+++012/0815/00021+++' },
};

const creditNote: InvoiceDraft = {
  number: '2026/C017',
  profiles: ['peppol'],
  language: 'nl',
  typeCode: '381',
  issueDate: '2026-02-03',
  dueDate: '2026-03-05',
  currency: 'EUR',
  buyerReference: 'PO-33871',
  precedingInvoices: [{ number: '2026/0815', issueDate: '2026-01-15' }],
  notes: ['200 brochures kwamen beschadigd aan.'],
  seller: ghent,
  buyer: antwerp,
  lines: [{ name: 'Brochure, 16 blz.', quantity: '200', unitPrice: '0.84', taxRate: '6' }],
  payment: { iban: 'BE68539007547034' },
};

const intraCommunity: InvoiceDraft = {
  number: 'R-2026-0043',
  language: 'en',
  issueDate: '2026-03-09',
  dueDate: '2026-04-08',
  currency: 'EUR',
  seller: hamburg,
  buyer: {
    name: 'Papírgyár Duna Kft.',
    vatId: 'HU12345676',
    address: { line1: 'Váci út 1', postCode: '1132', city: 'Budapest', country: 'HU' },
  },
  delivery: { date: '2026-03-06', address: { postCode: '1132', city: 'Budapest', country: 'HU' } },
  lines: [
    { name: 'Offset plates', quantity: '20', unitPrice: '148.00', taxCategory: 'K', originCountry: 'DE' },
    { name: 'Printing ink, black', quantity: '12.5', unit: 'KGM', unitPrice: '31.20', taxCategory: 'K' },
  ],
  payment: { iban: 'DE02120300000000202051' },
};

const reverseCharge: InvoiceDraft = {
  number: 'R-2026-0044',
  language: 'en',
  issueDate: '2026-03-10',
  currency: 'EUR',
  taxCurrency: { currency: 'PLN', rate: '4.2518' },
  seller: hamburg,
  buyer: {
    name: 'Wydawnictwo Wisła sp. z o.o.',
    vatId: 'PL5260001246',
    address: { line1: 'ul. Długa 7', postCode: '00-238', city: 'Warszawa', country: 'PL' },
  },
  lines: [
    {
      name: 'Editorial consulting',
      quantity: '16',
      unit: 'HUR',
      unitPrice: '110.00',
      taxCategory: 'AE',
      taxExemptionReason: 'Reverse charge, article 196 of Directive 2006/112/EC',
      taxExemptionCode: 'VATEX-EU-AE',
    },
  ],
  payment: { iban: 'DE02120300000000202051', terms: 'Payable within 30 days without deduction.' },
};

/** By the name of their files. */
export const goldenDrafts: Readonly<Record<string, InvoiceDraft>> = Object.fromEntries(
  Object.entries({
    'de-xrechnung': germany,
    'fr-facturx': france,
    'be-peppol': belgium,
    'credit-note': creditNote,
    'intra-community-supply': intraCommunity,
    'reverse-charge': reverseCharge,
  }).map(([name, draft]) => [name, { ...draft, formats: ['ubl', 'cii'] }]),
);
