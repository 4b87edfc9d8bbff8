import { series, type Sample } from './sample.ts';

export const spanish: Sample[] = [
  {
    name: 'es-winery',
    invoice: {
      series,
      issueDate: '2026-10-14',
      dueDate: '2026-12-13',
      currency: 'EUR',
      language: 'es',
      orderReference: 'PED-5521',
      seller: {
        name: 'Bodegas Peñanegra, S.L.',
        vatId: 'ESB12345674',
        address: {
          line1: 'Camino de las Viñas, km 3',
          postCode: '26200',
          city: 'Haro',
          subdivision: 'La Rioja',
          country: 'ES',
        },
        contact: { name: 'Begoña Íñiguez', email: 'facturas@penanegra.example.com' },
      },
      buyer: {
        name: 'Restaurante El Farolillo, S.A.',
        vatId: 'ESA87654321',
        address: { line1: 'Calle del Olmo, 23', postCode: '28012', city: 'Madrid', country: 'ES' },
      },
      delivery: { date: '2026-10-13' },
      lines: [
        { name: 'Crianza 2022, caja de 12 botellas', quantity: '15', unit: 'XBX', unitPrice: '98.40', taxRate: '21' },
        { name: 'Reserva 2018, caja de 6 botellas', quantity: '8', unit: 'XBX', unitPrice: '104.70', taxRate: '21' },
        { name: 'Aceite de oliva virgen extra, 5 l', quantity: '20', unitPrice: '38.25', taxRate: '10' },
      ],
      allowances: [{ reason: 'Descuento por volumen', amount: '110.68', taxRate: '21' }],
      charges: [{ reason: 'Portes', amount: '45.00', taxRate: '21' }],
      payment: { iban: 'ES91 2100 0418 4502 0005 1332', bic: 'CAIXESBB', terms: 'Transferencia a 60 días.' },
    },
  },
  {
    name: 'es-mx-letter',
    invoice: {
      series,
      issueDate: '2026-11-05',
      dueDate: '2026-11-20',
      currency: 'MXN',
      language: 'es-MX',
      paperSize: 'Letter',
      seller: {
        name: 'Talavera Azul Cobalto, S.A. de C.V.',
        taxNumber: 'TAC010101AB1',
        registrationId: 'N-2010000018',
        address: { line1: 'Calle 6 Norte 114', city: 'Puebla', postCode: '72000', country: 'MX' },
        contact: { email: 'ventas@azulcobalto.example.com' },
      },
      buyer: {
        name: 'Hotel Jacarandas',
        address: {
          line1: 'Av. de los Ángeles 890',
          city: 'Guadalajara',
          postCode: '44100',
          subdivision: 'Jalisco',
          country: 'MX',
        },
      },
      lines: [
        { name: 'Azulejo pintado a mano, 11 × 11 cm', quantity: '1850', unitPrice: '38.50', taxRate: '16' },
        { name: 'Lavabo ovalado, motivo garza', quantity: '32', unitPrice: '2475.00', taxRate: '16' },
      ],
      prepaidAmount: '75000.00',
      payment: { terms: 'Anticipo recibido; saldo contra entrega.' },
    },
  },
];
