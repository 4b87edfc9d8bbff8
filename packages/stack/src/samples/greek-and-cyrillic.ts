import { series, type Sample } from './sample.ts';

/** Buyers whose names and addresses are in Greek and Cyrillic letters, on documents in English and German. */
export const greekAndCyrillic: Sample[] = [
  {
    name: 'en-greek-buyer-intra-community',
    invoice: {
      series,
      issueDate: '2026-10-20',
      dueDate: '2026-11-19',
      currency: 'EUR',
      language: 'en',
      seller: {
        name: 'Lumen Bindery B.V.',
        vatId: 'NL123456789B01',
        address: { line1: 'Papiermolen 8', postCode: '3511 AB', city: 'Utrecht', country: 'NL' },
        contact: { email: 'sales@lumen-bindery.example.com' },
      },
      buyer: {
        name: 'Βιβλιοπωλείο «Ελιά & Θάλασσα» Μονοπρόσωπη ΙΚΕ',
        vatId: 'EL123456789',
        address: { line1: 'Οδός Ανεμώνης 27', postCode: '105 58', city: 'Αθήνα', country: 'GR' },
        contact: { name: 'Δάφνη Ξενάκη' },
      },
      delivery: {
        date: '2026-10-16',
        name: 'Αποθήκη Πειραιά',
        address: { line1: 'Ακτή Γλάρων 5', postCode: '185 31', city: 'Πειραιάς', country: 'GR' },
      },
      lines: [
        {
          name: 'Notebook, thread-sewn, A5',
          description: 'Cover print: «Τετράδιο σημειώσεων»',
          quantity: '400',
          unitPrice: '3.85',
          taxCategory: 'K',
        },
        { name: 'Slipcase, linen', quantity: '120', unitPrice: '5.10', taxCategory: 'K' },
      ],
      payment: { iban: 'NL91ABNA0417164300', bic: 'ABNANL2A', terms: 'Payable within 30 days.' },
    },
  },
  {
    name: 'en-ukrainian-buyer-export',
    invoice: {
      series,
      issueDate: '2026-11-03',
      dueDate: '2026-12-03',
      currency: 'EUR',
      language: 'en',
      seller: {
        name: 'Birkhain Medizintechnik GmbH',
        vatId: 'DE234567891',
        address: { line1: 'Am Birkhain 2', postCode: '07743', city: 'Jena', country: 'DE' },
        contact: { email: 'export@birkhain.example.com' },
      },
      buyer: {
        name: 'ТОВ «Соняшникова Клініка»',
        registrationId: 'ЄДРПОУ 00000017',
        address: { line1: 'вул. Яблунева, 18, кв. 4', postCode: '79000', city: 'Львів', country: 'UA' },
        contact: { name: 'Соломія Ґудзь' },
      },
      delivery: { date: '2026-10-30', address: { city: 'Львів', country: 'UA' } },
      lines: [
        {
          name: 'Infusion pump, portable',
          description: 'User manual in Ukrainian: «Посібник користувача»',
          quantity: '6',
          unitPrice: '1180.00',
          taxCategory: 'G',
        },
        { name: 'Battery pack', quantity: '12', unitPrice: '94.50', taxCategory: 'G' },
      ],
      payment: {
        iban: 'DE89370400440532013000',
        bic: 'COBADEFFXXX',
        terms: 'DAP Львів, Incoterms 2020. Payable within 30 days.',
      },
    },
  },
  {
    name: 'de-kazakh-buyer-export',
    invoice: {
      series,
      issueDate: '2026-10-26',
      currency: 'EUR',
      language: 'de',
      seller: {
        name: 'Baumschule Weidenau eG',
        vatId: 'DE345678912',
        address: { line1: 'Weidenweg 44', postCode: '25421', city: 'Pinneberg', country: 'DE' },
        contact: { email: 'versand@weidenau.example.com' },
      },
      buyer: {
        name: 'ТОО «Северный Сад»',
        address: { line1: 'проспект Яблоневый, дом 7', postCode: '050000', city: 'Алматы', country: 'KZ' },
      },
      delivery: { date: '2026-10-22', address: { city: 'Алматы', country: 'KZ' } },
      lines: [
        {
          name: 'Apfel ‘Roter Eiserapfel’, Hochstamm',
          description: 'Etikett: «Яблоня домашняя»',
          quantity: '150',
          unitPrice: '28.40',
          taxCategory: 'G',
        },
        {
          name: 'Birne ‘Gute Graue’, Halbstamm',
          description: 'Etikett: «Груша обыкновенная»',
          quantity: '80',
          unitPrice: '31.90',
          taxCategory: 'G',
        },
        { name: 'Phytosanitäres Zeugnis', quantity: '1', unit: 'LS', unitPrice: '120.00', taxCategory: 'G' },
      ],
      prepaidAmount: '6932.00',
      notes: ['Steuerfreie Ausfuhrlieferung nach § 4 Nr. 1 Buchst. a UStG. Betrag dankend erhalten.'],
    },
  },
];
