import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { brandFonts, contrast, faultInAccent, type Branding, type Logo } from '@invoicepress/invoice';
import { createRenderer } from '../src/index.ts';
import { lookOf } from '../src/look.ts';
import { createCompiler, rulerOf } from '../src/typst.ts';
import { viewOf } from '../src/view.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { pageTexts, textOf, widestOverrun } from './reading.ts';

const renderer = createRenderer();
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 9"><path fill="#a0f" d="M0 0h30v9z"/></svg>',
);
const logo: Logo = {
  sha256: createHash('sha256').update(svg).digest('hex'),
  mediaType: 'image/svg+xml',
  width: 30,
  height: 9,
};
const assets = { [logo.sha256]: svg };
const branding: Branding = {
  logo,
  colours: { accent: '#7a1f3d', text: '#2b1a1f' },
  font: 'Source Serif 4',
  introduction: 'Thank you.\nTruly.\n\nSecond paragraph.',
  closing: 'Until next time.',
  footer: [['Halden & Moritz', 'VAT DE 293847561'], ['Open on Fridays']],
};
const invoice = (look: Branding | undefined, overrides: Parameters<typeof anIssuedInvoice>[0] = {}) =>
  anIssuedInvoice({ ...overrides, ...(look && { branding: look }) });
const render = (look: Branding | undefined, overrides?: Parameters<typeof anIssuedInvoice>[0]): Uint8Array => {
  const [pdf] = renderer.render(invoice(look, overrides), assets);
  assert.ok(pdf);
  return pdf.bytes;
};
const source = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

test('a brand’s texts, footer and font are those of the document', async () => {
  const pdf = render(branding);
  const text = await textOf(pdf);
  const order = ['Thank you.', 'Second paragraph.', 'Letterpress', 'Amount due', 'IBAN', 'Until next time.'];
  const places = order.map((part) => text.indexOf(part, text.indexOf('Thank you.')));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    text,
  );
  assert.ok(!places.includes(-1), text);
  assert.ok(text.includes('Open on Fridays') && !text.includes('rechnung@halden-moritz.example'));
  assert.match(source(pdf), /\/FontName \/[A-Z]{6}\+SourceSerif4-Regular/);
  assert.doesNotMatch(source(pdf), /\+Inter-/);
  assert.match(source(pdf), /<pdfaid:part>3</);
});

test('one brand leaves nothing in the documents of another, or of none', () => {
  const plain = render(undefined);
  const branded = render(branding);
  assert.notDeepEqual(branded, plain);
  assert.deepEqual(render(undefined), plain);
  assert.deepEqual(render(branding), branded);
  assert.deepEqual(createRenderer().render(invoice(branding), assets)[0]?.bytes, branded);
});

test('every font prints what it has no letters for, in any script and over several pages', async () => {
  const lines = Array.from({ length: 60 }, (_, n) => ({
    name: `Ware ${n}`,
    quantity: '1',
    unitPrice: '10',
    taxRate: '0',
  }));
  for (const font of brandFonts) {
    const pdf = render({ ...branding, font }, { lines, language: 'ar', notes: ['Ελληνικά Łódź 漢字 עברית'] });
    const pages = (await pageTexts(pdf)).map((page) => page.replace(/[\s\u200e\u200f]/g, ''));
    assert.ok(pages.length >= 2 && pages.every((page) => page.includes('OpenonFridays')), font);
    assert.match(pages.join(' '), /ΕλληνικάŁódź漢字/);
    assert.equal(await widestOverrun(pdf), 0);
  }
});

test('a logo that was not handed over is an error of ours, not of the invoice', () => {
  assert.throws(() => renderer.render(invoice(branding)), /names an asset that was not handed over/);
});

const logoOf = (width: number, height: number, mediaType: Logo['mediaType'] = 'image/png') =>
  lookOf({ logo: { ...logo, width, height, mediaType } }).logo ?? assert.fail();

test('logos of any shape fit the letterhead, undistorted, and none is blown up', () => {
  for (const [width, height] of [
    [1000, 1000],
    [2000, 100],
    [100, 2000],
    [30, 1],
    [1, 1],
    [1000, 400],
  ] as const) {
    for (const type of ['image/png', 'image/svg+xml'] as const) {
      const size = logoOf(width, height, type);
      assert.ok(size.width <= 80 && size.height <= 19, JSON.stringify(size));
      assert.ok(Math.abs(Math.log(size.width / size.height / (width / height))) < 0.05, JSON.stringify(size));
    }
  }
  assert.deepEqual([logoOf(16, 16).width, logoOf(16, 16, 'image/svg+xml').width], [8, 19]);
});

test('a wordmark stands alone, unless the brand wants it otherwise', () => {
  assert.deepEqual([logoOf(100, 100).withName, logoOf(300, 100).withName], [true, false]);
  assert.equal(lookOf({ logo, nameBesideLogo: true }).logo?.withName, true);
});

test('small type is legible on every tint that an accent may have', () => {
  for (let hue = 0; hue < 0x1000; hue += 7) {
    const accent = `#${[...hue.toString(16).padStart(3, '0')].map((digit) => digit + digit).join('')}`;
    if (faultInAccent(accent)) continue;
    for (const text of ['#000000', '#595959', '#00008b']) {
      const { muted, tint } = lookOf({ colours: { accent, text } });
      assert.ok(contrast(muted, tint) >= 4.5, `${muted} on ${tint}`);
    }
  }
});

test('identifiers and legal information that an own footer leaves out stand among the notes', () => {
  const ruler = rulerOf(createCompiler());
  const { seller } = anIssuedInvoice();
  const notes = (footer: string[][], legalInformation = 'Amtsgericht Berlin') =>
    viewOf(anIssuedInvoice({ seller: { ...seller, legalInformation }, branding: { footer } }), ruler).notes;
  assert.deepEqual(notes([['We sell.']]), ['VAT ID DE293847561 · Company no. HRB 214553 B', 'Amtsgericht Berlin']);
  assert.deepEqual(notes([['USt-IdNr. DE 293 847 561', 'Amtsgericht Berlin, HRB 214553 B']]), []);
});
