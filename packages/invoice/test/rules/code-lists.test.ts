import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, type DraftLine, type InvoiceDraft } from '@invoicepress/invoice';
import { aDraft, aLine } from '../a-draft.ts';
import { violates, holds } from './table.ts';

const { seller, buyer } = aDraft();
const line = (overrides: Partial<DraftLine>) => aDraft({ lines: [aLine(overrides)] });
const adjusted = (overrides: Partial<InvoiceDraft>) => aDraft(overrides);
const allowance = { amount: '1', taxRate: '19' };
const file = { name: 'list.zip', mediaType: 'application/zip', base64: 'UEs=' };

violates([
  ['BR-CL-04', '/currency', /"DEM" is no ISO 4217 currency/, aDraft({ currency: 'DEM' })],
  ['BR-CL-05', '/taxCurrency/currency', /"STN"/, aDraft({ taxCurrency: { currency: 'STN', rate: '1' } })],
  ['BR-CL-06', '/taxPointDateCode', /3 issue, 35 delivery, 432 payment/, aDraft({ taxPointDateCode: '5' })],
  ['BR-CL-07', '/invoicedObject/scheme', /UNTDID 1153/, aDraft({ invoicedObject: { id: '1', scheme: 'QQ9' } })],
  ['BR-CL-07', '/lines/0/invoicedObject/scheme', /1153/, line({ invoicedObject: { id: '1', scheme: 'QQ9' } })],
  ['BR-CL-08', '/notes/1/subjectCode', /UNTDID 4451/, aDraft({ notes: ['One', { text: 'Two', subjectCode: 'QQ9' }] })],
  ['BR-CL-08', '/notes/0', /give a subjectCode instead/, aDraft({ notes: ['Orders #123# and #456#'] })],
  ['BR-CL-08', '/notes/0/text', /give a subjectCode/, aDraft({ notes: [{ text: '#AAI#Hello' }] })],
  [
    'BR-CL-10',
    '/seller/identifiers/0/scheme',
    /0088 for a GLN/,
    aDraft({ seller: { ...seller, identifiers: [{ id: '1', scheme: '9999' }] } }),
  ],
  [
    'BR-CL-10',
    '/payee/identifier/scheme',
    /ICD/,
    aDraft({ payee: { name: 'Bank', identifier: { id: '1', scheme: 'EM' } } }),
  ],
  [
    'BR-CL-11',
    '/buyer/registrationScheme',
    /ICD/,
    aDraft({ buyer: { ...buyer, registrationId: '1', registrationScheme: '9930' } }),
  ],
  [
    'BR-CL-11',
    '/payee/registrationScheme',
    /ICD/,
    aDraft({ payee: { name: 'Bank', registrationId: '1', registrationScheme: 'HRB' } }),
  ],
  ['BR-CL-13', '/lines/0/classifications/0/scheme', /STI/, line({ classifications: [{ code: '1', scheme: 'CPV' }] })],
  ['BR-CL-14', '/seller/address/country', /"EL"/, aDraft({ seller: { ...seller, address: { country: 'EL' } } })],
  ['BR-CL-14', '/delivery/address/country', /"UK"/, aDraft({ delivery: { address: { country: 'UK' } } })],
  ['BR-CL-15', '/lines/0/originCountry', /"EU"/, line({ originCountry: 'EU' })],
  ['BR-CL-16', '/payment/meansCode', /UNTDID 4461/, aDraft({ payment: { meansCode: '99' } })],
  ['BR-CL-19', '/allowances/0/reasonCode', /5189/, adjusted({ allowances: [{ ...allowance, reasonCode: 'FC' }] })],
  ['BR-CL-19', '/lines/0/allowances/0/reasonCode', /5189/, line({ allowances: [{ amount: '1', reasonCode: 'FC' }] })],
  ['BR-CL-20', '/charges/0/reasonCode', /7161/, adjusted({ charges: [{ ...allowance, reasonCode: '95' }] })],
  ['BR-CL-20', '/lines/0/charges/0/reasonCode', /7161/, line({ charges: [{ amount: '1', reasonCode: '95' }] })],
  ['BR-CL-21', '/lines/0/standardItemId/scheme', /0160/, line({ standardItemId: { id: '1', scheme: 'GTIN' } })],
  [
    'BR-CL-22',
    '/lines/0/taxExemptionCode',
    /VATEX/,
    line({ taxCategory: 'E', taxRate: '0', taxExemptionCode: 'VATEX-DE' }),
  ],
  ['BR-CL-23', '/lines/0/unit', /"QQQ" is no unit/, line({ unit: 'QQQ' })],
  ['BR-CL-24', '/attachments/0/file/mediaType', /PDF, PNG/, aDraft({ attachments: [{ id: '1', file }] })],
  [
    'BR-CL-25',
    '/buyer/electronicAddress/scheme',
    /EAS list/,
    aDraft({ buyer: { ...buyer, electronicAddress: { id: '1', scheme: 'XX' } } }),
  ],
  ['BR-CL-26', '/delivery/location/scheme', /ICD/, aDraft({ delivery: { location: { id: '1', scheme: 'XX' } } })],
]);

holds({
  'codes of every list': aDraft({
    taxPointDateCode: '35',
    invoicedObject: { id: 'meter', scheme: 'AVE' },
    notes: ['Order #123', { text: '#1 of 2', subjectCode: 'REG' }],
    seller: {
      ...seller,
      identifiers: [{ id: '4000000000006', scheme: '0088' }],
      registrationId: '1',
      registrationScheme: '0002',
      electronicAddress: { id: 'a@b.example', scheme: 'EM' },
    },
    delivery: { location: { id: '4000000000006', scheme: '0088' }, address: { country: '1A' } },
    payment: { meansCode: '57', iban: 'DE89370400440532013000' },
    lines: [
      aLine({
        unit: 'XPK',
        originCountry: 'XI',
        invoicedObject: { id: '1', scheme: 'ABZ' },
        standardItemId: { id: '4006381333931', scheme: '0160' },
        classifications: [{ code: '30192100-0', scheme: 'STI' }],
        allowances: [{ reasonCode: '95', amount: '1' }],
        charges: [{ reasonCode: 'FC', amount: '1' }],
      }),
    ],
    attachments: [{ id: '1', file: { ...file, mediaType: 'text/csv' } }],
  }),
});

test('units are those of Recommendations 20 and 21', () => {
  const units = ['C62', 'HUR', 'KGM', 'MTR', 'LTR', 'DAY', 'MON', 'H87', 'XBX', 'KWH'];
  assert.deepEqual(checkDraft(aDraft({ lines: units.map((unit) => aLine({ unit })) })), []);
});
