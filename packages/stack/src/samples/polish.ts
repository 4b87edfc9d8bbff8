import { series, type Sample } from './sample.ts';

export const polish: Sample[] = [
  {
    name: 'pl-carpentry',
    invoice: {
      series,
      issueDate: '2026-10-29',
      dueDate: '2026-11-12',
      currency: 'EUR',
      taxCurrency: { currency: 'PLN', rate: '4.2537' },
      language: 'pl',
      seller: {
        name: 'Stolarnia „Żółty Świerk” Sp. z o.o.',
        registrationId: '0000000018',
        vatId: 'PL1234563218',
        address: { line1: 'ul. Źródlana 8', postCode: '34-500', city: 'Zakopane', country: 'PL' },
        contact: { name: 'Świętosława Gąsior', email: 'biuro@zolty-swierk.example.com' },
      },
      buyer: {
        name: 'Schronisko Górskie Pod Łomnicą',
        vatId: 'PL9876543210',
        address: { line1: 'Ścieżka nad Reglami 1', postCode: '34-520', city: 'Poronin', country: 'PL' },
      },
      delivery: { date: '2026-10-27' },
      lines: [
        { name: 'Stół jesionowy, 240 × 90 cm', quantity: '6', unitPrice: '680.00', taxRate: '23' },
        { name: 'Ława z oparciem', quantity: '12', unitPrice: '222.00', taxRate: '23' },
        { name: 'Montaż na miejscu', quantity: '14', unit: 'HUR', unitPrice: '26.00', taxRate: '8' },
      ],
      payment: { iban: 'PL61 1090 1014 0000 0712 1981 2874', terms: 'Przelew w terminie 14 dni.' },
    },
  },
  {
    name: 'pl-software-credit-note',
    invoice: {
      series,
      typeCode: '381',
      issueDate: '2026-11-13',
      currency: 'PLN',
      language: 'pl',
      precedingInvoices: [{ number: 'FV/2026/09/0044', issueDate: '2026-09-30' }],
      seller: {
        name: 'Bociani Kod S.A.',
        vatId: 'PL5554443321',
        address: { line1: 'al. Lipowa 77', postCode: '50-001', city: 'Wrocław', country: 'PL' },
      },
      buyer: {
        name: 'Młyn Słoneczny Sp.j.',
        vatId: 'PL1112223339',
        address: { line1: 'ul. Pszenna 3', postCode: '59-300', city: 'Lubin', country: 'PL' },
      },
      lines: [{ name: 'Licencja roczna, korekta liczby stanowisk', quantity: '5', unitPrice: '399.00', taxRate: '23' }],
      payment: { terms: 'Zwrot na rachunek nabywcy w ciągu 7 dni.' },
    },
  },
];
