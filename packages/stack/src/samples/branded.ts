import { series, type Sample } from './sample.ts';

/** From sellers with profiles of their own, which say who sells, where to pay, and how it looks (branded-sellers.ts). */
export const branded: Sample[] = [
  {
    name: 'de-winery-branded',
    invoice: {
      series,
      issueDate: '2026-11-18',
      dueDate: '2026-12-02',
      currency: 'EUR',
      language: 'de',
      orderReference: 'Bestellung vom 12.11.2026',
      sellerProfile: 'sonnhalde',
      buyer: {
        name: 'Gasthaus zum Goldenen Pflug',
        contact: { name: 'Matthias Ortner' },
        address: { line1: 'Marktplatz 3', postCode: '88662', city: 'Überlingen', country: 'DE' },
      },
      delivery: { date: '2026-11-16' },
      lines: [
        {
          name: 'Spätburgunder „Alte Reben“ 2023',
          description: 'Qualitätswein, trocken, 0,75 l, im Barrique gereift',
          quantity: '36',
          unitPrice: '14.20',
          taxRate: '19',
        },
        {
          name: 'Grauburgunder Gutswein 2025, trocken',
          quantity: '60',
          unitPrice: '7.60',
          taxRate: '19',
        },
        {
          name: 'Muskateller Sekt brut',
          description: 'Flaschengärung, 18 Monate Hefelager',
          quantity: '18',
          unitPrice: '12.90',
          taxRate: '19',
        },
        { name: 'Traubensaft weiß, 1 l', quantity: '24', unitPrice: '3.10', taxRate: '7' },
      ],
    },
  },
  {
    name: 'en-cargo-bikes-branded',
    invoice: {
      series,
      issueDate: '2026-11-20',
      dueDate: '2026-12-20',
      currency: 'GBP',
      language: 'en-GB',
      sellerProfile: 'volta',
      buyer: {
        name: 'Harbourside Grocers Co-op',
        address: { line1: '41 Welsh Back', postCode: 'BS1 4SP', city: 'Bristol', country: 'GB' },
      },
      delivery: { date: '2026-11-19' },
      lines: [
        {
          name: 'Volta Haul 80',
          description: 'Electric cargo bike, midnight blue, frame VH80-00417',
          quantity: '2',
          unitPrice: '3890.00',
          taxRate: '20',
        },
        { name: 'Insulated box, 240 l', quantity: '2', unitPrice: '415.00', taxRate: '20' },
        { name: 'Rider training, half a day', quantity: '4', unitPrice: '95.00', taxRate: '20' },
      ],
    },
  },
];
