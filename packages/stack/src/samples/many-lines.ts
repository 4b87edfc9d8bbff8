import { series, type Sample } from './sample.ts';

const goods = [
  { name: 'Holzschraube, Senkkopf, verzinkt', item: 'HS', cents: 412, per: 100 },
  { name: 'Spanplattenschraube, Teilgewinde', item: 'SP', cents: 386, per: 100 },
  { name: 'Sechskantschraube, Festigkeit 8.8', item: 'SK', cents: 1890, per: 100 },
  { name: 'Linsenkopfschraube, Edelstahl A2', item: 'LK', cents: 1245, per: 100 },
  { name: 'Gewindestange, Edelstahl A4', item: 'GS', cents: 735, per: 1 },
  { name: 'Unterlegscheibe, Messing', item: 'US', cents: 298, per: 100 },
  { name: 'Sicherungsmutter mit Klemmteil', item: 'SM', cents: 874, per: 100 },
  { name: 'Spreizdübel, Nylon', item: 'SD', cents: 655, per: 50 },
  { name: 'Winkelverbinder, feuerverzinkt', item: 'WV', cents: 143, per: 1 },
  { name: 'Ringöse, geschweißt', item: 'RO', cents: 219, per: 1 },
  { name: 'Blindniet, Aluminium', item: 'BN', cents: 527, per: 250 },
  { name: 'Holzdübel, Buche, geriffelt', item: 'HD', cents: 184, per: 100 },
];
const sizes = [
  '3 × 20',
  '3,5 × 30',
  '4 × 40',
  '4,5 × 50',
  '5 × 60',
  '6 × 80',
  '8 × 100',
  '10 × 120',
  '12 × 160',
  '16 × 200',
];

const euros = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** 120 lines: every article in every size, dearer and fewer as it grows. */
const lines = goods.flatMap(({ name, item, cents, per }, article) =>
  sizes.map((size, step) => ({
    name: `${name}, ${size} mm`,
    sellerItemId: `${item}-${String(step + 1).padStart(2, '0')}`,
    quantity: String(per * (2 + ((article * 7 + step * 3) % 9))),
    unitPrice: euros(cents + Math.floor((cents * step) / 4)),
    priceBaseQuantity: String(per),
    taxRate: '19',
  })),
);

export const manyLines: Sample[] = [
  {
    name: 'de-wholesale-120-lines',
    invoice: {
      series,
      formats: ['pdf', 'facturx', 'cii'],
      profiles: ['facturx'],
      issueDate: '2026-11-16',
      dueDate: '2026-12-16',
      currency: 'EUR',
      language: 'de',
      orderReference: 'EK-2026-3391',
      despatchAdviceReference: 'LS-77120',
      seller: {
        name: 'Eisenwaren Hammerschmidt & Töchter GmbH',
        registrationId: 'HRB 900456 Hagen',
        vatId: 'DE789123456',
        address: { line1: 'Gießereistraße 18', postCode: '58095', city: 'Hagen', country: 'DE' },
        contact: { name: 'Verkauf Innendienst', email: 'verkauf@hammerschmidt.example.com' },
      },
      buyer: {
        name: 'Möbelwerkstätten Eschenbach eG',
        vatId: 'DE891234567',
        address: { line1: 'Hobelbank 4', postCode: '32756', city: 'Detmold', country: 'DE' },
        contact: { name: 'Einkauf, Frau Tewes' },
      },
      delivery: {
        date: '2026-11-13',
        name: 'Lager Süd, Tor 3',
        address: { line1: 'Furnierweg 11', postCode: '32758', city: 'Detmold', country: 'DE' },
      },
      lines,
      allowances: [{ reason: 'Jahresbonus', reasonCode: '41', amount: '120.00', taxRate: '19' }],
      charges: [{ reason: 'Palettenversand', amount: '78.50', taxRate: '19' }],
      payment: {
        iban: 'DE89370400440532013000',
        bic: 'COBADEFFXXX',
        terms: 'Bei Zahlung innerhalb von 10 Tagen 2 % Skonto, sonst 30 Tage netto.',
      },
    },
  },
];
