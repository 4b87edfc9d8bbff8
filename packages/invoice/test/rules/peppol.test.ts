import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, type Identifier } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';
import { aGermanDraft, aPeppolDraft, without } from './drafts.ts';
import { holds, violates, type Row } from './table.ts';

const { seller, buyer } = aPeppolDraft();
const billing = (process: string) => `urn:fdc:peppol.eu:2017:poacc:billing:${process}:1.0`;
const exempt = (taxExemptionCode: string) =>
  aPeppolDraft({ lines: [aLine({ taxCategory: 'AE', taxRate: '0', taxExemptionCode })] });

violates([
  ['PEPPOL-EN16931-R002', '/notes/1', /one note.*join them/, aPeppolDraft({ notes: ['One', 'Two'] })],
  ['PEPPOL-EN16931-R003', '/buyerReference', /or an orderReference/, without(aPeppolDraft(), 'buyerReference')],
  ['PEPPOL-EN16931-R007', '/businessProcess', /billing:01/, aPeppolDraft({ businessProcess: 'S1' })],
  ['PEPPOL-EN16931-P0100', '/typeCode', /389 is not sent/, aPeppolDraft({ typeCode: '389' })],
  ['PEPPOL-EN16931-P0101', '/typeCode', /261 is not sent/, aPeppolDraft({ typeCode: '261' })],
  ['PEPPOL-EN16931-P0112', '/typeCode', /between German parties/, aPeppolDraft({ typeCode: '326' })],
  [
    'PEPPOL-EN16931-P0104',
    '/lines/0/taxExemptionCode',
    /VATEX-EU-G goes with category G, not AE/,
    exempt('VATEX-EU-G'),
  ],
  ['PEPPOL-EN16931-P0108', '/lines/0/taxExemptionCode', /goes with category E/, exempt('VATEX-EU-D')],
  ['PEPPOL-EN16931-CL007', '/currency', /no XCG yet/, aPeppolDraft({ currency: 'XCG' })],
  [
    'PEPPOL-EN16931-CL008',
    '/buyer/electronicAddress/scheme',
    /no addresses of scheme EM/,
    aPeppolDraft({ buyer: { ...buyer, electronicAddress: { id: 'a@b.example', scheme: 'EM' } } }),
  ],
  [
    'PEPPOL-EN16931-R010',
    '/buyer/electronicAddress',
    /where electronic invoices arrive/,
    aPeppolDraft({ buyer: without(buyer, 'electronicAddress') }),
  ],
]);

/** Numbers that are right, of each scheme; with another last digit they are wrong. */
const numbers: [rule: string, what: RegExp, right: Required<Identifier>][] = [
  ['PEPPOL-COMMON-R040', /GLN/, { id: '4000000000006', scheme: '0088' }],
  ['PEPPOL-COMMON-R041', /Norwegian/, { id: '974760673', scheme: '0192' }],
  ['PEPPOL-COMMON-R043', /Belgian/, { id: '0403170701', scheme: '0208' }],
  ['PEPPOL-COMMON-R049', /Swedish/, { id: '5560360793', scheme: '0007' }],
  ['PEPPOL-COMMON-R050', /Australian/, { id: '51824753556', scheme: '0151' }],
];
const misspelt = (id: string) => id.slice(0, -1) + (id.endsWith('9') ? '0' : Number(id.at(-1)) + 1);
violates([
  ...numbers.map(([rule, what, right]): Row => [
    rule,
    '/buyer/identifiers/0/id',
    what,
    aPeppolDraft({ buyer: { ...buyer, identifiers: [{ ...right, id: misspelt(right.id) }] } }),
  ]),
  [
    'PEPPOL-COMMON-R042',
    '/seller/registrationId',
    /Danish/,
    aPeppolDraft({ seller: { ...seller, registrationId: '1234567', registrationScheme: '0184' } }),
  ],
  [
    'PEPPOL-COMMON-R043',
    '/seller/electronicAddress/id',
    /check digits/,
    aPeppolDraft({ seller: { ...seller, electronicAddress: { id: '0403170702', scheme: '0208' } } }),
  ],
  [
    'PEPPOL-COMMON-R043',
    '/payee/registrationId',
    /Belgian/,
    aPeppolDraft({ payee: { name: 'Bank', registrationId: '0403170702', registrationScheme: '0208' } }),
  ],
  [
    'PEPPOL-COMMON-R040',
    '/payee/identifier/id',
    /GLN/,
    aPeppolDraft({ payee: { name: 'Bank', identifier: { id: '4000000000007', scheme: '0088' } } }),
  ],
]);
holds({
  'an invoice between Belgians': aPeppolDraft(),
  'an order reference alone': { ...without(aPeppolDraft(), 'buyerReference'), orderReference: 'O-1' },
  'a process of its own': aPeppolDraft({ businessProcess: billing('02'), typeCode: '389' }),
  'a credit note': aPeppolDraft({ typeCode: '381' }),
  ...Object.fromEntries(
    numbers.map(([, what, right]) => [
      `a number that is ${what.source}`,
      aPeppolDraft({ buyer: { ...buyer, identifiers: [right] } }),
    ]),
  ),
});

test('Germans keep the rules of their country, under the names that Peppol gives them', () => {
  const draft = without(aGermanDraft({ profiles: ['peppol'] }), 'buyerReference', 'payment');
  assert.deepEqual(
    checkDraft({ ...draft, orderReference: 'O-1', notes: ['One', 'Two'] }).map(({ rule }) => rule),
    ['DE-R-015', 'DE-R-001'],
  );
  assert.deepEqual(checkDraft(aGermanDraft({ profiles: ['peppol'], typeCode: '326' })), []);
  const { rule } = checkDraft(
    aGermanDraft({ profiles: ['peppol'], payment: { card: { number: '1111' }, accountId: '1' } }),
  )[0]!;
  assert.equal(rule, 'DE-R-024-2');
});

test('a plain invoice lacks what the network needs, and no more', () => {
  assert.deepEqual(
    checkDraft(aDraft({ profiles: ['peppol'], buyer: { ...buyer, vatId: 'FR1' } })).map(({ rule }) => rule),
    ['PEPPOL-EN16931-R020', 'PEPPOL-EN16931-R003'],
  );
});
