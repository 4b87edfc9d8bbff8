import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formats, issueInvoice, type InvoiceDraft } from '@invoicepress/invoice';
import { aDraft } from '@invoicepress/invoice/testing';
import { findDifferences } from '../src/consistency/index.ts';
import { createRenderer, type RenderedDocument } from '../src/index.ts';
import { languages } from '../src/languages/index.ts';
import { anIssuedInvoice, someLines } from './an-issued-invoice.ts';

const renderer = createRenderer();
const everyFormat = [...formats];

const full: Partial<InvoiceDraft> = {
  formats: everyFormat,
  lines: someLines(40),
  allowances: [{ reason: 'Loyalty', amount: '110.10', taxRate: '19' }],
  charges: [{ reason: 'Freight', amount: '20.05', taxRate: '19' }],
  prepaidAmount: '1234.50',
  roundingAmount: '-0.02',
};

for (const language of [...languages.keys(), 'de-AT', 'de-CH', 'fr-CH', 'en-IN', 'pt-BR', 'ar-EG', 'fa-IR']) {
  test(`every document of an invoice in ${language} states its number and totals`, async () => {
    const invoice = anIssuedInvoice({ ...full, language });
    assert.deepEqual(await findDifferences(renderer.render(invoice), invoice), []);
  });
}

for (const [language, currency] of [
  ['ja', 'JPY'],
  ['ko', 'KRW'],
  ['de-CH', 'CHF'],
  ['ar-KW', 'KWD'],
  ['ar-AE', 'AED'],
  ['he', 'ILS'],
  ['en-IN', 'INR'],
  ['pl', 'PLN'],
  ['en', 'USD'],
] as const) {
  test(`amounts in ${currency} are read back from pages in ${language}`, async () => {
    const invoice = anIssuedInvoice({ language, currency, formats: everyFormat });
    assert.deepEqual(await findDifferences(renderer.render(invoice), invoice), []);
  });
}

test('credit notes, large amounts, long numbers and a second tax currency are read back', async () => {
  const lines = [{ name: 'Paper', quantity: '1', unitPrice: '9999999999.07', taxRate: '19' }];
  for (const draft of [
    { typeCode: '381', precedingInvoices: [{ number: 'INV-2026-00001' }] },
    { lines },
    { number: 'FACTURA/LOGROÑO & <HIJOS>/2026/OCTUBRE/000000000000000000000000042' },
    { taxCurrency: { currency: 'USD', rate: '1.0825' } },
  ] satisfies Partial<InvoiceDraft>[]) {
    const invoice = anIssuedInvoice({ ...draft, formats: everyFormat });
    assert.deepEqual(await findDifferences(renderer.render(invoice), invoice), [], JSON.stringify(draft));
  }
});

const invoice = anIssuedInvoice(full);
const documents = renderer.render(invoice);
/** The documents of an invoice that differs, under the formats of ours. */
const documentsOf = (change: Partial<InvoiceDraft>): RenderedDocument[] =>
  renderer.render(anIssuedInvoice({ ...full, ...change }));
const named = (differences: string[], format: string) =>
  differences.filter((each) => each.includes(`The ${format} doc`));

test('a vowel sign of one Arabic word, which its letter carries into others, makes no difference', async () => {
  const { seller, buyer } = aDraft();
  const lines = [{ name: 'बिल', quantity: '46', unit: 'DAY', unitPrice: '10', taxRate: '19' }];
  const draft: InvoiceDraft = { seller, buyer, currency: 'EUR', language: 'ar', formats: ['pdf'], lines };
  const issued = issueInvoice(draft, 'X-1', '2027-01-01');
  assert.deepEqual(await findDifferences(renderer.render(issued), issued), []);
});

test('a cent more is found in every document', async () => {
  const found = await findDifferences(documentsOf({ prepaidAmount: '1234.51' }), invoice);
  for (const format of formats) assert.ok(named(found, format).length > 0, format);
  assert.match(named(found, 'pdf').join(), /does not show -1234\.50? EUR for prepaid, but -1234\.51/);
  assert.match(named(found, 'ubl').join(), /states 1234\.51 for prepaid, not 1234\.50/);
});

test('another number is found in every document', async () => {
  const found = await findDifferences(documentsOf({ number: 'INV-2026-00043' }), invoice);
  assert.match(named(found, 'pdf').join(), /does not show its number/);
  assert.match(named(found, 'facturx').join(), /attachment that states the number INV-2026-00043, not INV-2026-00042/);
  for (const format of formats) assert.ok(named(found, format).length > 0, format);
});

test('another currency is found in every document, whatever the figures', async () => {
  const found = await findDifferences(documentsOf({ currency: 'USD' }), invoice);
  assert.match(named(found, 'cii').join(), /states the currency USD, not EUR/);
  for (const format of formats) assert.ok(named(found, format).length > 0, format);
});

test('an attachment that is not the CII document is found', async () => {
  const other = documentsOf({ orderReference: 'PO-1' });
  const mixed = documents.map((document, index) => (document.format === 'facturx' ? other[index]! : document));
  assert.deepEqual(await findDifferences(mixed, invoice), ['The facturx document has not the cii document attached.']);
});

test('a Factur-X document without its attachment is found', async () => {
  const [pdf] = documents;
  const bare = [{ ...pdf!, format: 'facturx' as const }];
  assert.deepEqual(await findDifferences(bare, invoice), ['The facturx document has 0 attachments, not one.']);
});

test('another seller or buyer, or another VAT identifier, is found in every document but the snapshot of ours', async () => {
  const { seller, buyer } = anIssuedInvoice();
  for (const [change, what] of [
    [{ seller: { ...seller, name: 'Halden & Moritz AG' } }, /the seller.*Halden & Moritz GmbH/],
    [{ seller: { ...seller, vatId: 'DE293847562' } }, /the seller's VAT identifier.*DE293847561/],
    [{ buyer: { ...buyer, name: 'Museum Südlicht' } }, /the buyer.*Museum Nordlicht/],
    [{ buyer: { ...buyer, vatId: 'ATU62345679' } }, /the buyer's VAT identifier.*ATU62345678/],
  ] as const) {
    const found = await findDifferences(documentsOf(change), invoice);
    for (const format of ['pdf', 'facturx', 'ubl', 'cii']) assert.match(named(found, format).join(), what, format);
  }
});

test('names that pages break into lines, or that are in any script, make no difference', async () => {
  for (const name of [
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. <KG>',
    'ООО «Рога и копыта» / Ελληνική Εταιρεία',
    '株式会社サンプル商事 東京本社',
    'شركة النور للتجارة',
    'חברת הדגמה בע"מ',
    'बॉम्बे ट्रेडिंग कंपनी',
    'Caf\u0065\u0301 Ma\u00adrie\u200b \u{1F3A8}',
  ]) {
    for (const language of ['en', 'he', 'ar', 'ja']) {
      const { seller, buyer } = anIssuedInvoice();
      const ours = anIssuedInvoice({
        language,
        seller: { ...seller, name },
        buyer: { ...buyer, name },
        formats: everyFormat,
      });
      assert.deepEqual(await findDifferences(renderer.render(ours), ours), [], `${name} in ${language}`);
    }
  }
});
