import { series, type Sample } from './sample.ts';

export const italian: Sample[] = [
  {
    name: 'it-ceramics',
    invoice: {
      series,
      issueDate: '2026-10-22',
      dueDate: '2026-11-30',
      currency: 'EUR',
      language: 'it',
      orderReference: 'ODA 2026/388',
      seller: {
        name: 'Ceramiche Valdombra S.r.l.',
        registrationId: 'RA-000018',
        vatId: 'IT12345670017',
        address: { line1: 'Via delle Fornaci 41', postCode: '48018', city: 'Faenza', subdivision: 'RA', country: 'IT' },
        contact: { email: 'amministrazione@valdombra.example.com' },
      },
      buyer: {
        name: 'Trattoria «Il Gelso Antico» S.n.c.',
        vatId: 'IT09876540012',
        address: {
          line1: 'Piazzetta San Lorenzo 2',
          postCode: '40121',
          city: 'Bologna',
          subdivision: 'BO',
          country: 'IT',
        },
      },
      lines: [
        {
          name: 'Piatto piano Ø 28 cm, smalto avorio',
          sellerItemId: 'PP28-AV',
          quantity: '120',
          unitPrice: '9.35',
          taxRate: '22',
        },
        {
          name: 'Ciotola da zuppa, decoro blu',
          sellerItemId: 'CZ16-BL',
          quantity: '96',
          unitPrice: '7.90',
          taxRate: '22',
        },
        {
          name: 'Brocca da 1 litro, fatta a mano',
          sellerItemId: 'BR10',
          quantity: '18',
          unitPrice: '31.60',
          taxRate: '22',
        },
      ],
      allowances: [{ reason: 'Sconto cliente', amount: '58.14', taxRate: '22' }],
      payment: { iban: 'IT60 X054 2811 1010 0000 0123 456', terms: 'Bonifico bancario 30 giorni fine mese.' },
    },
  },
  {
    name: 'it-physiotherapy-exempt',
    invoice: {
      series,
      issueDate: '2026-11-10',
      currency: 'EUR',
      language: 'it',
      seller: {
        name: 'Studio Fisioterapico Arcadia',
        vatId: 'IT11223340019',
        address: { line1: 'Corso dei Platani 15', postCode: '10121', city: 'Torino', country: 'IT' },
      },
      buyer: {
        name: 'Polisportiva Aurora A.S.D.',
        address: { line1: 'Via dello Stadio 1', postCode: '10024', city: 'Moncalieri', country: 'IT' },
      },
      lines: [
        {
          name: 'Seduta di fisioterapia, 50 minuti',
          quantity: '16',
          unitPrice: '48.00',
          taxCategory: 'E',
          taxExemptionReason: 'Operazione esente art. 10 n. 18 D.P.R. 633/72',
        },
      ],
      charges: [
        {
          reason: 'Imposta di bollo, art. 15 D.P.R. 633/72',
          amount: '2.00',
          taxCategory: 'E',
          taxExemptionReason: 'Operazione esente art. 10 n. 18 D.P.R. 633/72',
        },
      ],
      payment: { iban: 'IT60X0542811101000000123456', terms: 'Pagamento a vista fattura.' },
    },
  },
];
