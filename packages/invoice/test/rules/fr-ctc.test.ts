import { aLine } from '../a-draft.ts';
import { aFrenchDraft, frenchNotes, without } from './drafts.ts';
import { holds, violates, type Row } from './table.ts';

const { seller, buyer } = aFrenchDraft();
const [compensation, penalties, discount, treatment] = frenchNotes;
const group = { id: '123456789', scheme: '0231' };
const representative = { name: 'Groupe', vatId: 'FR83404833048', address: { country: 'FR' } };

violates([
  ['BR-FR-01', '/number', /35 characters/, aFrenchDraft({ number: 'F'.repeat(36) })],
  ['BR-FR-02', '/number', /letters, digits/, aFrenchDraft({ number: 'F 1' })],
  [
    'BR-FR-02',
    '/precedingInvoices/0/number',
    /letters, digits/,
    aFrenchDraft({ precedingInvoices: [{ number: 'F.1' }] }),
  ],
  ['BR-FR-03', '/delivery/date', /2000 to 2099/, aFrenchDraft({ delivery: { date: '2100-01-01' } })],
  [
    'BR-FR-03',
    '/lines/0/period/start',
    /2000/,
    aFrenchDraft({ lines: [aLine({ taxRate: '20', period: { start: '1999-12-31' } })] }),
  ],
  ['BR-FR-04', '/typeCode', /380, 389.* not 326/, aFrenchDraft({ typeCode: '326' })],
  ['BR-FR-05', '/notes', /PMT states the fixed compensation/, aFrenchDraft({ notes: [penalties, discount] })],
  ['BR-FR-05', '/notes', /PMD states the penalties/, aFrenchDraft({ notes: [compensation, discount] })],
  ['BR-FR-05', '/notes', /AAB states the discount/, aFrenchDraft({ notes: [compensation, penalties] })],
  ['BR-FR-06', '/notes', /one note at most .* PMD/, aFrenchDraft({ notes: [...frenchNotes, penalties] })],
  ['BR-FR-08', '/businessProcess', /B1, S1, M1/, without(aFrenchDraft(), 'businessProcess')],
  [
    'BR-FR-09',
    '/seller/identifiers',
    /begins with the SIREN/,
    aFrenchDraft({ seller: { ...seller, identifiers: [{ id: '30326504500017', scheme: '0009' }] } }),
  ],
  [
    'BR-FR-09',
    '/delivery/location/id',
    /14 digits/,
    aFrenchDraft({ delivery: { location: { id: '404833048', scheme: '0009' } } }),
  ],
  [
    'BR-FR-10',
    '/seller/registrationId',
    /seller's SIREN/,
    aFrenchDraft({ seller: without(seller, 'registrationScheme') }),
  ],
  ['BR-FR-11', '/buyer/registrationId', /buyer's SIREN/, aFrenchDraft({ buyer: without(buyer, 'registrationId') })],
  ['BR-FR-12', '/buyer/electronicAddress', /0225/, aFrenchDraft({ buyer: without(buyer, 'electronicAddress') })],
  ['BR-FR-13', '/seller/electronicAddress', /0225/, aFrenchDraft({ seller: without(seller, 'electronicAddress') })],
  [
    'BR-FR-15',
    '/lines/0/taxCategory',
    /no use in France/,
    aFrenchDraft({ lines: [aLine({ taxCategory: 'L', taxRate: '7' })] }),
  ],
  ['BR-FR-16', '/lines/0/taxRate', /no rate of 19 per cent/, aFrenchDraft({ lines: [aLine()] })],
  [
    'BR-FR-16',
    '/charges/0/taxRate',
    /no rate of 6/,
    aFrenchDraft({ charges: [{ reason: 'Port', amount: '1', taxRate: '6' }] }),
  ],
  [
    'BR-FR-17',
    '/attachments/0/description',
    /RIB, LISIBLE/,
    aFrenchDraft({ attachments: [{ id: '1', description: 'Bank details' }] }),
  ],
  [
    'BR-FR-18',
    '/attachments',
    /LISIBLE/,
    aFrenchDraft({
      attachments: [
        { id: '1', description: 'LISIBLE' },
        { id: '2', description: 'LISIBLE' },
      ],
    }),
  ],
  [
    'BR-FR-20',
    '/notes',
    /B2B, B2BINT/,
    aFrenchDraft({ notes: [...frenchNotes.slice(0, 3), { ...treatment, text: 'b2b' }] }),
  ],
  ['BR-FR-30', '/notes', /one note at most/, aFrenchDraft({ notes: [...frenchNotes, { ...treatment, text: 'B2C' }] })],
  [
    'BR-FR-21',
    '/buyer/electronicAddress',
    /begins with the SIREN/,
    aFrenchDraft({ buyer: { ...buyer, electronicAddress: { id: '404833048', scheme: '0225' } } }),
  ],
  [
    'BR-FR-22',
    '/seller/electronicAddress',
    /scheme 0225/,
    aFrenchDraft({ typeCode: '389', seller: { ...seller, electronicAddress: { id: '404833048', scheme: '0002' } } }),
  ],
  [
    'BR-FR-23',
    '/buyer/electronicAddress/id',
    /letters, digits/,
    aFrenchDraft({ buyer: { ...buyer, electronicAddress: { id: '303265045.x', scheme: '0225' } } }),
  ],
  [
    'BR-FR-25',
    '/buyer/electronicAddress/id',
    /125/,
    aFrenchDraft({ buyer: { ...buyer, electronicAddress: { id: '303265045'.padEnd(126, '1'), scheme: '0225' } } }),
  ],
  [
    'BR-FR-24',
    '/buyer/identifiers',
    /letters, digits/,
    aFrenchDraft({ buyer: { ...buyer, identifiers: [{ id: 'a b', scheme: '0224' }] } }),
  ],
  [
    'BR-FR-26',
    '/buyer/identifiers',
    /100/,
    aFrenchDraft({ buyer: { ...buyer, identifiers: [{ id: 'a'.repeat(101), scheme: '0224' }] } }),
  ],
  [
    'BR-FR-CO-10',
    '/seller/identifiers',
    /of each scheme/,
    aFrenchDraft({
      seller: {
        ...seller,
        identifiers: [
          { id: '1', scheme: '0088' },
          { id: '2', scheme: '0088' },
        ],
      },
    }),
  ],
  ['BR-FR-CO-04', '/precedingInvoices', /names one invoice/, aFrenchDraft({ typeCode: '384' })],
  [
    'BR-FR-CO-05',
    '/precedingInvoices',
    /when that was issued/,
    aFrenchDraft({ typeCode: '381', precedingInvoices: [{ number: 'F-1' }] }),
  ],
  ['BR-FR-CO-07', '/dueDate', /before it is issued/, aFrenchDraft({ dueDate: '2026-03-01' })],
  [
    'BR-FR-CO-08',
    '/businessProcess',
    /final; a prepayment \(386\) is not/,
    aFrenchDraft({ businessProcess: 'M4', typeCode: '386' }),
  ],
  ['BR-FR-CO-09', '/prepaidAmount', /288\.00 is prepaid/, aFrenchDraft({ businessProcess: 'B2' })],
  [
    'BR-FR-CO-09',
    '/dueDate',
    /day on which it was paid/,
    without(aFrenchDraft({ businessProcess: 'B2', prepaidAmount: '288' }), 'dueDate'),
  ],
  ['BR-FR-CO-12', '/taxCurrency', /EUR and its rate/, aFrenchDraft({ currency: 'USD' })],
  [
    'BR-FR-CO-14',
    '/notes',
    /MEMBRE_ASSUJETTI_UNIQUE/,
    aFrenchDraft({ seller: { ...seller, identifiers: [group] }, taxRepresentative: representative }),
  ],
  [
    'BR-FR-CO-15',
    '/taxRepresentative',
    /VAT group/,
    aFrenchDraft({
      seller: { ...seller, identifiers: [group] },
      notes: [...frenchNotes, { subjectCode: 'TXD', text: 'MEMBRE_ASSUJETTI_UNIQUE' }],
    }),
  ],
  ...[
    ['quantity', '1.00001'],
    ['priceBaseQuantity', '1.00001'],
  ].map(([field = '', value = '']): Row => [
    'BR-FR-DEC-02',
    `/lines/0/${field}`,
    /four decimals/,
    aFrenchDraft({ lines: [aLine({ taxRate: '20', [field]: value })] }),
  ]),
]);

holds({
  'an invoice between French companies': aFrenchDraft(),
  'one that was paid already': aFrenchDraft({ businessProcess: 'S2', prepaidAmount: '288' }),
  'a site of the seller': aFrenchDraft({
    seller: { ...seller, identifiers: [{ id: '40483304800022', scheme: '0009' }] },
  }),
  'a credit note': aFrenchDraft({ typeCode: '381', precedingInvoices: [{ number: 'F-1', issueDate: '2026-02-01' }] }),
  'VAT in euros beside dollars': aFrenchDraft({ currency: 'USD', taxCurrency: { currency: 'EUR', rate: '0.9' } }),
  'rates of Corsica': aFrenchDraft({ lines: [aLine({ taxRate: '2.10' }), aLine({ taxRate: '0.9' })] }),
});
