import { series, type Sample } from './sample.ts';

const bicycles = {
  name: 'Rijwielfabriek De Spaak B.V.',
  registrationId: '00000018',
  registrationScheme: '0106',
  electronicAddress: { scheme: '0106', id: '00000018' },
  vatId: 'NL987654321B01',
  address: { line1: 'Velgweg 21', postCode: '7411 AB', city: 'Deventer', country: 'NL' },
  contact: { name: 'Fenna de Wit', email: 'administratie@despaak.example.com' },
};
const payment = { iban: 'NL91 ABNA 0417 1643 00', bic: 'ABNANL2A' };

export const dutch: Sample[] = [
  {
    name: 'nl-bicycles',
    invoice: {
      series,
      formats: ['pdf', 'ubl'],
      profiles: ['peppol'],
      issueDate: '2026-10-09',
      dueDate: '2026-11-08',
      currency: 'EUR',
      language: 'nl',
      buyerReference: 'Vlootbeheer',
      seller: bicycles,
      buyer: {
        name: 'Gemeente Waterlanden',
        vatId: 'NL135792468B01',
        electronicAddress: { scheme: '0190', id: '00000000000000000018' },
        address: { line1: 'Raadhuisplein 1', postCode: '8601 AA', city: 'Sneek', country: 'NL' },
      },
      lines: [
        {
          name: 'Dienstfiets, staal, 8 versnellingen',
          quantity: '14',
          unitPrice: '649.00',
          taxRate: '21',
          allowances: [{ reason: 'Vlootkorting', percent: '3', baseAmount: '9086.00' }],
          standardItemId: { scheme: '0160', id: '08712345678906' },
        },
        { name: 'Bakfiets, elektrisch ondersteund', quantity: '2', unitPrice: '3295.00', taxRate: '21' },
        { name: 'Onderhoudsbeurt', quantity: '16', unitPrice: '42.50', taxRate: '9' },
      ],
      payment: { ...payment, terms: 'Betaling binnen 30 dagen.' },
    },
  },
  {
    name: 'nl-intra-community',
    invoice: {
      series,
      issueDate: '2026-11-12',
      dueDate: '2026-12-12',
      currency: 'EUR',
      language: 'nl',
      seller: bicycles,
      buyer: {
        name: 'Pyöräpaja Kuutamo Oy',
        vatId: 'FI12345671',
        address: { line1: 'Satamakatu 6 B', postCode: '33200', city: 'Tampere', country: 'FI' },
      },
      delivery: {
        date: '2026-11-10',
        address: { line1: 'Satamakatu 6 B', postCode: '33200', city: 'Tampere', country: 'FI' },
      },
      lines: [
        { name: 'Frame, gelast, maat 56', quantity: '40', unitPrice: '212.00', taxCategory: 'K' },
        {
          name: 'Spaken, roestvrij, 292 mm',
          quantity: '7200',
          unitPrice: '18.40',
          priceBaseQuantity: '144',
          taxCategory: 'K',
        },
      ],
      payment: { ...payment, terms: 'Betaling binnen 30 dagen.' },
    },
  },
];
