import { series, type Sample } from './sample.ts';

const agency = {
  name: 'Nordlicht Gestaltung GmbH',
  registrationId: 'HRB 900123 Hamburg',
  vatId: 'DE123456789',
  address: { line1: 'Speicherweg 7', postCode: '20457', city: 'Hamburg', country: 'DE' },
  contact: { name: 'Jonna Petersen', phone: '+49 40 66969 120', email: 'buchhaltung@nordlicht.example.com' },
};
const agencyPayment = {
  iban: 'DE89 3704 0044 0532 0130 00',
  bic: 'COBADEFFXXX',
  accountName: 'Nordlicht Gestaltung GmbH',
};

const museum = {
  name: 'Stiftung Museum am Deich',
  vatId: 'DE987654321',
  address: { line1: 'Deichstraße 1', postCode: '26725', city: 'Emden', country: 'DE' },
  contact: { name: 'Wiebke Harms' },
};

export const german: Sample[] = [
  {
    name: 'de-agency',
    invoice: {
      number: 'NG-2026-0310',
      issueDate: '2026-10-02',
      dueDate: '2026-10-16',
      currency: 'EUR',
      language: 'de',
      orderReference: 'B-2026-88',
      buyerReference: '04011000-12345-34',
      seller: agency,
      buyer: museum,
      period: { start: '2026-09-01', end: '2026-09-30' },
      lines: [
        {
          name: 'Ausstellungsgrafik „Salz und Wind“',
          description: 'Konzept, Entwurf und Reinzeichnung',
          quantity: '46',
          unit: 'HUR',
          unitPrice: '95.00',
          taxRate: '19',
        },
        { name: 'Wandtexte, Satz und Korrektur', quantity: '32', unit: 'ZP', unitPrice: '38.50', taxRate: '19' },
        {
          name: 'Digitaldruck auf Leinwand',
          quantity: '27.5',
          unit: 'MTK',
          unitPrice: '41.20',
          taxRate: '19',
          sellerItemId: 'DL-200',
        },
        {
          name: 'Katalog, 128 Seiten, fadengeheftet',
          quantity: '300',
          unitPrice: '7.85',
          taxRate: '7',
          sellerItemId: 'KAT-SW',
        },
      ],
      payment: { ...agencyPayment, terms: 'Zahlbar innerhalb von 14 Tagen ohne Abzug.' },
      metadata: { projekt: 'salz-und-wind', kostenstelle: '4200' },
    },
  },
  {
    name: 'de-credit-note',
    invoice: {
      series,
      typeCode: '381',
      issueDate: '2026-10-19',
      currency: 'EUR',
      language: 'de',
      precedingInvoice: { number: 'NG-2026-0310', issueDate: '2026-10-02' },
      seller: agency,
      buyer: museum,
      lines: [
        {
          name: 'Katalog, 128 Seiten, fadengeheftet',
          description: '18 Exemplare mit Fehldruck auf Bogen 5',
          quantity: '18',
          unitPrice: '7.85',
          taxRate: '7',
          sellerItemId: 'KAT-SW',
        },
      ],
      payment: { terms: 'Der Betrag wird mit Ihrer nächsten Zahlung verrechnet.' },
    },
  },
  {
    name: 'de-corrected-invoice',
    invoice: {
      number: 'NG-2026-0297-K1',
      typeCode: '384',
      issueDate: '2026-10-21',
      dueDate: '2026-11-04',
      currency: 'EUR',
      language: 'de',
      precedingInvoice: { number: 'NG-2026-0297', issueDate: '2026-09-24' },
      seller: agency,
      buyer: {
        name: 'Werft Sielmann KG',
        vatId: 'DE456789123',
        address: { line1: 'Helgen 3', postCode: '26603', city: 'Aurich', country: 'DE' },
      },
      delivery: { date: '2026-09-22' },
      lines: [{ name: 'Leitsystem, Beschilderung Halle 2', quantity: '14', unitPrice: '118.00', taxRate: '19' }],
      payment: { ...agencyPayment, terms: 'Zahlbar innerhalb von 14 Tagen ohne Abzug.' },
      notes: ['Diese Rechnung ersetzt NG-2026-0297: Die Stückzahl wurde von 16 auf 14 berichtigt.'],
    },
  },
  {
    name: 'de-bakery-two-rates',
    invoice: {
      series,
      issueDate: '2026-11-02',
      dueDate: '2026-11-12',
      currency: 'EUR',
      language: 'de',
      period: { start: '2026-10-01', end: '2026-10-31' },
      seller: {
        name: 'Backstube Morgenrot, Inh. T. Albrecht',
        taxNumber: '22/815/08150',
        address: { line1: 'Kornmarkt 9', postCode: '55116', city: 'Mainz', country: 'DE' },
        contact: { email: 'backstube@morgenrot.example.com' },
      },
      buyer: {
        name: 'Café Zeitlos GbR',
        address: { line1: 'Gaustraße 61', postCode: '55116', city: 'Mainz', country: 'DE' },
      },
      lines: [
        { name: 'Roggenmischbrot, 1 kg', quantity: '124', unitPrice: '3.42', taxRate: '7' },
        { name: 'Buttercroissant', quantity: '980', unitPrice: '0.93', taxRate: '7' },
        { name: 'Brötchen, gemischt', quantity: '2600', unitPrice: '32.50', priceBaseQuantity: '100', taxRate: '7' },
        { name: 'Filterkaffee im Leihspender, 5 l', quantity: '18', unitPrice: '14.80', taxRate: '19' },
        { name: 'Rückgabe Croissant vom 14.10.', quantity: '-40', unitPrice: '0.93', taxRate: '7' },
      ],
      allowances: [{ reason: 'Treuerabatt', amount: '35.00', taxRate: '7' }],
      charges: [{ reason: 'Anlieferung', amount: '54.00', taxRate: '19' }],
      payment: {
        iban: 'DE89370400440532013000',
        terms: 'Bei Zahlung innerhalb von 5 Tagen 2 % Skonto, sonst 10 Tage netto.',
      },
    },
  },
  {
    name: 'de-reverse-charge-construction',
    invoice: {
      series,
      issueDate: '2026-10-15',
      dueDate: '2026-11-14',
      currency: 'EUR',
      language: 'de',
      contractReference: 'BV Uferpark, Los 3',
      seller: {
        name: 'Zimmerei Tannwald OHG',
        vatId: 'DE567891234',
        address: { line1: 'Sägewerkstraße 30', postCode: '78112', city: 'St. Georgen', country: 'DE' },
        contact: { email: 'buero@tannwald.example.com' },
      },
      buyer: {
        name: 'Uferpark Bauträger GmbH & Co. KG',
        vatId: 'DE678912345',
        address: { line1: 'Hafenallee 100', postCode: '78462', city: 'Konstanz', country: 'DE' },
      },
      delivery: { date: '2026-10-09' },
      lines: [
        {
          name: 'Dachstuhl Haus C, Abbund und Aufrichten',
          quantity: '1',
          unit: 'LS',
          unitPrice: '38450.00',
          taxCategory: 'AE',
        },
        {
          name: 'Konstruktionsvollholz, Fichte',
          quantity: '12.48',
          unit: 'MTQ',
          unitPrice: '612.00',
          taxCategory: 'AE',
        },
      ],
      prepaidAmount: '20000.00',
      payment: { iban: 'DE02120300000000202051', terms: 'Schlussrechnung. Zahlbar innerhalb von 30 Tagen.' },
      notes: ['Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).'],
    },
  },
  {
    name: 'de-small-business-exempt',
    invoice: {
      series,
      issueDate: '2026-11-09',
      dueDate: '2026-11-23',
      currency: 'EUR',
      language: 'de',
      seller: {
        name: 'Liese Quandt, Lektorat',
        taxNumber: '181/815/08155',
        address: { line1: 'Gartenstraße 3', postCode: '06108', city: 'Halle (Saale)', country: 'DE' },
      },
      buyer: {
        name: 'Verlag Stille Post',
        address: { line1: 'Brühl 52', postCode: '04109', city: 'Leipzig', country: 'DE' },
      },
      delivery: { date: '2026-11-06' },
      lines: [
        {
          name: 'Lektorat „Das Haus am Kanal“',
          quantity: '214',
          unit: 'ZP',
          unitPrice: '4.50',
          taxCategory: 'E',
          taxExemptionReason: 'Kleinunternehmer nach § 19 UStG',
        },
      ],
      payment: { iban: 'DE02500105170137075030', bic: 'INGDDEFF' },
    },
  },
  {
    name: 'de-at-hotel',
    invoice: {
      series,
      issueDate: '2026-09-27',
      currency: 'EUR',
      language: 'de-AT',
      seller: {
        name: 'Alpenhof Enzian GmbH',
        vatId: 'ATU12345678',
        address: { line1: 'Almweg 12', postCode: '6290', city: 'Mayrhofen', country: 'AT' },
        contact: { email: 'rezeption@enzian.example.com' },
      },
      buyer: {
        name: 'Wanderverein Immergrün',
        address: { line1: 'Lerchengasse 5/3', postCode: '1080', city: 'Wien', country: 'AT' },
      },
      period: { start: '2026-09-24', end: '2026-09-27' },
      lines: [
        {
          name: 'Doppelzimmer mit Frühstück',
          description: '3 Nächte, 9 Zimmer',
          quantity: '27',
          unit: 'DAY',
          unitPrice: '118.18',
          taxRate: '10',
        },
        { name: 'Hüttenabend, Getränke', quantity: '1', unit: 'LS', unitPrice: '412.50', taxRate: '20' },
        { name: 'Geführte Wanderung', quantity: '2', unit: 'DAY', unitPrice: '240.00', taxRate: '20' },
      ],
      payment: { iban: 'AT61 1904 3002 3457 3201', terms: 'Fällig bei Abreise.' },
    },
  },
  {
    name: 'de-ch-watchmaker',
    invoice: {
      series,
      issueDate: '2026-10-08',
      dueDate: '2026-11-07',
      currency: 'CHF',
      language: 'de-CH',
      seller: {
        name: 'Uhrenatelier Grünenfels AG',
        vatId: 'CHE123456789',
        address: { line1: 'Münstergasse 20', postCode: '3011', city: 'Bern', country: 'CH' },
        contact: { email: 'atelier@gruenenfels.example.com' },
      },
      buyer: {
        name: 'Bergbahnen Silberhorn AG',
        address: { line1: 'Talstation', postCode: '3823', city: 'Wengen', country: 'CH' },
      },
      lines: [
        { name: 'Revision Stationsuhr, Werk 1931', quantity: '1', unitPrice: '14850.00', taxRate: '8.1' },
        { name: 'Zifferblatt neu emailliert, Ø 80 cm', quantity: '2', unitPrice: '1975.50', taxRate: '8.1' },
      ],
      payment: { iban: 'CH93 0076 2011 6238 5295 7', terms: 'Zahlbar innert 30 Tagen.' },
    },
  },
];
