import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemplateError } from '../src/index.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { createPdfRenderer } from './pdf-renderer.ts';
import { pageTexts, strokes, textOf, widestOverrun } from './reading.ts';

const renderer = createPdfRenderer();

test('a document carries the number, the parties, every line and the totals', async () => {
  const invoice = anIssuedInvoice();
  const text = await textOf(renderer.render(invoice).bytes);
  const wanted = [
    'Invoice INV-2026-00042',
    'Halden & Moritz GmbH',
    'Museum Nordlicht',
    'Austria',
    'PO-88213',
    'ATU62345678',
  ];
  const amounts = ['€7,323.67', '€1,345.42', '€8,669.09', 'December 22, 2026', '10 hours', 'per 1,000 pcs', '4.275'];
  for (const expected of [...wanted, ...amounts, ...invoice.lines.map((line) => line.name)]) {
    assert.ok(text.includes(expected), `${expected} is missing in: ${text}`);
  }
});

test('an amount is printed digit for digit, beyond what a float can hold', async () => {
  const lines = [{ name: 'Paper', quantity: '1', unitPrice: '9007199254740993.07', taxRate: '0' }];
  const text = await textOf(renderer.render(anIssuedInvoice({ lines })).bytes);
  assert.ok(text.includes('9,007,199,254,740,993.07'));
});

test('the same invoice gives the same bytes, from any renderer', () => {
  const first = renderer.render(anIssuedInvoice()).bytes;
  renderer.render(anIssuedInvoice({ language: 'ja' }));
  assert.deepEqual(renderer.render(anIssuedInvoice()).bytes, first);
  assert.deepEqual(createPdfRenderer().render(anIssuedInvoice()).bytes, first);
});

test('lines that fill several pages carry their sum from each page to the next', async () => {
  const lines = Array.from({ length: 90 }, (_, index) => ({
    name: `Item ${index + 1}`,
    quantity: '1',
    unitPrice: '10',
    taxRate: '0',
  }));
  const document = renderer.render(anIssuedInvoice({ lines }));
  const pages = await pageTexts(document.bytes);
  assert.equal(document.pageCount, pages.length);
  assert.ok(pages.length >= 3);
  let before = '';
  for (const [index, page] of pages.entries()) {
    assert.match(page, new RegExp(`Page ${index + 1} of ${pages.length}`));
    const items = [...page.matchAll(/Item (\d+)/g)].map(([, number]) => Number(number));
    if (items.length === 0) continue;
    assert.match(page, /Description Quantity/);
    assert.equal(/Brought forward ([\d,.]+)/.exec(page)?.[1] ?? '', before);
    const carried = /Carried forward ([\d,.]+)/.exec(page)?.[1];
    const last = Math.max(...items);
    assert.equal(carried, last === 90 ? undefined : `${last * 10}.00`.replace(/^(\d)(\d{3})/, '$1,$2'));
    before = carried ?? '';
  }
});

test('rules run below the head and each line of the table, as wide as its columns, and none stands between them', async () => {
  const lines = Array.from({ length: 5 }, () => ({ name: 'Paper', quantity: '1', unitPrice: '1', taxRate: '0' }));
  const found = await strokes(renderer.render(anIssuedInvoice({ lines })).bytes);
  assert.deepEqual(
    found.filter(({ height }) => height > 0),
    [],
  );
  const textWidth = ((210 - 25 - 20) / 25.4) * 72;
  const wide = found.filter(({ width }) => Math.abs(width - textWidth) < 2);
  assert.equal(wide.length, 1 + lines.length + 1, 'and one above the foot of the page');
});

test('text is printed as it is, never evaluated', async () => {
  const name = '#panic("x") $a^2$ *b* _c_ <d> @e `f` \\ // g /* h */ [i] = j';
  const lines = [{ name, quantity: '1', unitPrice: '1', taxRate: '0' }];
  const text = await textOf(renderer.render(anIssuedInvoice({ lines, notes: [name], number: '#1' })).bytes);
  assert.equal(text.split(name).length, 3);
});

test('words without end, emoji and reordering controls stay on the page', async () => {
  const endless = 'Wundersam'.repeat(60);
  const invoice = anIssuedInvoice({
    buyer: { name: endless, address: { line1: endless, city: endless, country: 'AT' } },
    lines: [
      { name: `${endless} ☕ 👩‍💻 ✔️`, description: 'x\n'.repeat(200), quantity: '1', unitPrice: '1', taxRate: '0' },
    ],
    notes: ['\u202Etsrif\u202C last', endless.repeat(20)],
  });
  const { bytes } = renderer.render(invoice);
  const text = await textOf(bytes);
  assert.ok(text.includes('tsrif last'));
  assert.equal(await widestOverrun(bytes), 0);
});

test('a character without a glyph is refused by name and field', () => {
  const lines = [{ name: 'Rune ᚠ', quantity: '1', unitPrice: '1', taxRate: '0' }];
  assert.throws(
    () => renderer.render(anIssuedInvoice({ lines })),
    (error) =>
      error instanceof TemplateError && /“ᚠ” \(U\+16A0\) in lines\[0\]\.name/.test(error.reason) && error.remedy !== '',
  );
});

test('every script of the fonts prints', async () => {
  const samples = [
    'Ελληνικά',
    'Кириллица',
    'Việt Nam',
    'Łódź',
    'עברית',
    '漢字',
    'かな',
    'カナ',
    '한국어',
    'ไทย',
    'हिन्दी',
    'বাংলা',
    'தமிழ்',
    'ქართული',
    'Հայերեն',
  ];
  for (const language of ['en', 'ar', 'zh-TW', 'ko'])
    renderer.render(anIssuedInvoice({ language, notes: [...samples, 'عربي پښتو'] }));
  const text = await textOf(renderer.render(anIssuedInvoice({ notes: samples.slice(0, 9) })).bytes);
  for (const sample of samples.slice(0, 4)) assert.ok(text.includes(sample), sample);
});

test('Austrian German has German words and Austrian amounts; a language without words has English ones', async () => {
  const austrian = await textOf(renderer.render(anIssuedInvoice({ language: 'de-AT' })).bytes);
  assert.ok(austrian.includes('Rechnung') && austrian.includes('€ 8.669,09'));
  const swedish = await textOf(renderer.render(anIssuedInvoice({ language: 'sv-SE' })).bytes);
  assert.ok(swedish.includes('Invoice') && swedish.includes('€8,669.09'));
});
