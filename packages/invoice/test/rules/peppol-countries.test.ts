import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, type Attachment, type InvoiceDraft, type Party } from '@invoicepress/invoice';
import { aLine } from '../a-draft.ts';
import { aParty, aPeppolDraft, without } from './drafts.ts';
import { holds, violates } from './table.ts';

/** From a seller of one country to a buyer of the same, or of another. */
const trade = (seller: Party, buyer: Party, overrides: Partial<InvoiceDraft> = {}) =>
  aPeppolDraft({
    seller,
    buyer,
    payment: { iban: 'DE89370400440532013000' },
    lines: [aLine({ taxRate: '25' })],
    ...overrides,
  });
const streetless = (party: Party): Party => ({ ...party, address: without(party.address, 'line1') });

const norwegian = aParty('NO', { vatId: 'NO974760673MVA' });
violates([
  ['NO-R-001', '/seller/vatId', /NO123456785MVA/, trade({ ...norwegian, vatId: 'NO974760674MVA' }, norwegian)],
  ['NO-R-001', '/seller/vatId', /NO123456785MVA/, trade({ ...norwegian, vatId: 'NO974760673' }, norwegian)],
]);

const italian = aParty('IT', { vatId: 'IT01234567890', taxNumber: 'RSSMRA80A01H501U' });
violates([
  ['IT-R-001', '/seller/taxNumber', /11 to 16/, trade({ ...italian, taxNumber: '123' }, italian)],
  ['IT-R-002', '/seller/address/line1', /street/, trade(streetless(italian), italian)],
  [
    'IT-R-003',
    '/seller/address/city',
    /city/,
    trade({ ...italian, address: without(italian.address, 'city') }, italian),
  ],
  [
    'IT-R-004',
    '/seller/address/postCode',
    /post code/,
    trade({ ...italian, address: without(italian.address, 'postCode') }, italian),
  ],
]);

const swedish = aParty('SE', { vatId: 'SE556036079301', registrationId: '5560360793' });
violates([
  ['SE-R-001', '/seller/vatId', /twelve digits/, trade({ ...swedish, vatId: 'SE5560360793' }, swedish)],
  ['SE-R-002', '/seller/vatId', /twelve digits/, trade({ ...swedish, vatId: 'SE55603607930X' }, swedish)],
  ['SE-R-003', '/seller/registrationId', /ten digits/, trade({ ...swedish, registrationId: '556036-0793' }, swedish)],
  ['SE-R-004', '/seller/registrationId', /ten digits/, trade({ ...swedish, registrationId: '556036079' }, swedish)],
  ['SE-R-013', '/seller/registrationId', /check digit/, trade({ ...swedish, registrationId: '5560360794' }, swedish)],
  ['SE-R-005', '/seller/taxNumber', /Godkänd för F-skatt/, trade({ ...swedish, taxNumber: '1' }, swedish)],
  ['SE-R-006', '/lines', /not 19/, trade(swedish, swedish, { lines: [aLine()] })],
]);

const danish = aParty('DK', { vatId: 'DK13585628', registrationId: '13585628', registrationScheme: '0184' });
const payment = (means: object) => trade(danish, danish, { payment: means });
violates([
  ['DK-R-002', '/seller/registrationId', /CVR/, trade(without(danish, 'registrationId'), danish)],
  ['DK-R-014', '/seller/registrationScheme', /0184/, trade(without(danish, 'registrationScheme'), danish)],
  ['DK-R-013', '/buyer/identifiers/0/scheme', /scheme/, trade(danish, { ...danish, identifiers: [{ id: '1' }] })],
  [
    'DK-R-004',
    '/charges/0/reason',
    /4 digits/,
    trade(danish, danish, { charges: [{ reasonCode: 'ZZZ', reason: 'Tax', amount: '1', taxRate: '25' }] }),
  ],
  ['DK-R-005', '/payment/meansCode', /1, 10, 31/, payment({ meansCode: '30', accountId: '1' })],
  ['DK-R-006', '/payment/bic', /its bic/, payment({ meansCode: '42', accountId: '1' })],
  ['DK-R-008', '/payment/reference', /01#/, payment({ meansCode: '50', accountId: '1234567', reference: '71#' })],
  [
    'DK-R-009',
    '/payment/reference',
    /16 digits/,
    payment({ meansCode: '50', accountId: '1234567', reference: '04#1' }),
  ],
  ['DK-R-010', '/payment/reference', /71#/, payment({ meansCode: '93', accountId: '1', reference: '71#' })],
  [
    'DK-R-011',
    '/payment/reference',
    /15 or 16/,
    payment({ meansCode: '93', accountId: '12345678', reference: '71#1' }),
  ],
]);

test('a Danish direct debit without a mandate breaks a rule of the network and one of Denmark', () => {
  assert.deepEqual(
    checkDraft(payment({ meansCode: '49' })).map(({ rule }) => rule),
    ['PEPPOL-EN16931-R061', 'DK-R-007'],
  );
});

const icelandic = aParty('IS', { vatId: 'IS12345', registrationId: '4710080280', registrationScheme: '0196' });
const attached = (attachment: Attachment, overrides: Partial<InvoiceDraft> = {}) =>
  trade(icelandic, icelandic, { attachments: [attachment], ...overrides });
violates([
  ['IS-R-002', '/seller/registrationId', /kennitala/, trade(without(icelandic, 'registrationId'), icelandic)],
  ['IS-R-003', '/seller/address', /street/, trade(streetless(icelandic), icelandic)],
  ['IS-R-004', '/buyer/registrationId', /kennitala/, trade(icelandic, without(icelandic, 'registrationScheme'))],
  ['IS-R-005', '/buyer/address', /street/, trade(icelandic, streetless(icelandic))],
  ['IS-R-006', '/payment/accountId', /12 digits/, trade(icelandic, icelandic, { payment: { meansCode: '9' } })],
  ['IS-R-007', '/payment/accountId', /12 digits/, trade(icelandic, icelandic, { payment: { meansCode: '42' } })],
  ['IS-R-008', '/attachments/0/id', /is a date/, attached({ id: 'soon', description: 'EINDAGI' })],
  ['IS-R-010', '/attachments/0/id', /not before/, attached({ id: '2026-03-02', description: 'EINDAGI' })],
  ['IS-R-009', '/dueDate', /has a dueDate/, without(attached({ id: '2026-05-02', description: 'EINDAGI' }), 'dueDate')],
]);

const dutch = aParty('NL', { vatId: 'NL123456789B01', registrationId: '12345678', registrationScheme: '0106' });
const representative = { name: 'Rep', vatId: 'NL123456789B01', address: { country: 'NL' } };
violates([
  ['NL-R-001', '/precedingInvoices', /credits/, trade(dutch, dutch, { typeCode: '381' })],
  ['NL-R-002', '/seller/address', /street/, trade(streetless(dutch), dutch)],
  ['NL-R-003', '/seller/registrationScheme', /KVK/, trade(without(dutch, 'registrationScheme'), dutch)],
  ['NL-R-004', '/buyer/address', /street/, trade(dutch, streetless(dutch))],
  ['NL-R-005', '/buyer/registrationScheme', /KVK/, trade(dutch, without(dutch, 'registrationScheme'))],
  ['NL-R-006', '/taxRepresentative/address', /street/, trade(dutch, dutch, { taxRepresentative: representative })],
  ['NL-R-007', '/payment', /how to pay/, without(trade(dutch, dutch), 'payment')],
  ['NL-R-008', '/payment/meansCode', /30, 48/, trade(dutch, dutch, { payment: { meansCode: '10' } })],
  ['NL-R-009', '/orderReference', /line 1/, trade(dutch, dutch, { lines: [aLine({ orderLineReference: '7' })] })],
]);

const tin = '094259216';
const greek = aParty('GR', { vatId: `EL${tin}`, tradingName: 'Firm', electronicAddress: { id: tin, scheme: '9933' } });
const mark = { id: '400001', description: '##M.AR.K##' };
const link = { description: '##INVOICE|URL##', url: 'https://mydata.example/1' };
const number = (...changes: [index: number, segment: string][]) => {
  const segments = [tin, '02/03/2026', '0', '1.1', 'A', '42'];
  for (const [index, segment] of changes) segments[index] = segment;
  return segments.join('|');
};
const greekTrade = (overrides: Partial<InvoiceDraft> = {}) =>
  trade(greek, greek, { number: number(), attachments: [mark], ...overrides });
violates([
  ['GR-R-001-1', '/number', /six segments/, greekTrade({ number: '42' })],
  ['GR-R-001-2', '/number', /tax number/, greekTrade({ number: number([0, '094259217']) })],
  ['GR-R-001-3', '/number', /issueDate/, greekTrade({ number: number([1, '2026-03-02']) })],
  ['GR-R-001-4', '/number', /branch/, greekTrade({ number: number([2, 'x']) })],
  ['GR-R-001-5', '/number', /1\.1, 1\.6/, greekTrade({ number: number([3, '9.9']) })],
  ['GR-R-001-6', '/number', /series/, greekTrade({ number: number([4, '']) })],
  ['GR-R-001-7', '/number', /count/, greekTrade({ number: number([5, '']) })],
  ['GR-R-002', '/seller/tradingName', /registry/, greekTrade({ seller: without(greek, 'tradingName') })],
  ['GR-R-004-1', '/attachments', /M\.AR\.K/, greekTrade({ attachments: [] })],
  ['GR-R-004-2', '/attachments', /positive number/, greekTrade({ attachments: [{ ...mark, id: 'x' }] })],
  ['GR-R-005', '/buyer/tradingName', /full name/, greekTrade({ buyer: without(greek, 'tradingName') })],
  ['GR-R-006', '/buyer/vatId', /nine digits/, greekTrade({ buyer: { ...greek, vatId: 'EL094259217' } })],
  [
    'GR-R-003',
    '/seller/vatId',
    /nine digits/,
    greekTrade({
      seller: { ...greek, vatId: 'EL094259217' },
      taxRepresentative: { name: 'Rep', vatId: `EL${tin}`, address: { country: 'GR' } },
    }),
  ],
  [
    'GR-R-008-2',
    '/attachments',
    /one attachment at most/,
    greekTrade({ attachments: [mark, { ...link, id: '1' }, { ...link, id: '2' }] }),
  ],
  [
    'GR-R-008-3',
    '/attachments',
    /has a url/,
    greekTrade({ attachments: [mark, { id: '1', description: '##INVOICE|URL##' }] }),
  ],
  [
    'GR-R-009',
    '/seller/electronicAddress',
    /9933/,
    greekTrade({ seller: { ...greek, electronicAddress: { id: '123456789', scheme: '9933' } } }),
  ],
  [
    'GR-R-010',
    '/buyer/electronicAddress',
    /9933/,
    greekTrade({ buyer: { ...greek, electronicAddress: { id: '123456789', scheme: '9933' } } }),
  ],
]);

holds({
  'an invoice between Norwegians': trade(norwegian, norwegian),
  'one between Italians': trade(italian, italian),
  'one between Swedes': trade({ ...swedish, taxNumber: 'Godkänd för F-skatt' }, swedish),
  'one between Danes': trade(danish, danish),
  'one between Danes by giro': payment({ meansCode: '50', accountId: '1234567', reference: '04#1234567890123456' }),
  'one between Icelanders': attached({ id: '2026-05-02', description: 'EINDAGI' }),
  'one between Dutch parties': trade(dutch, dutch),
  'one between Greeks': greekTrade(),
});
