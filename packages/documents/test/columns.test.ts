import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandFonts, type BrandFont } from '@invoicepress/invoice';
import { openCoverage } from '../src/fonts.ts';
import { languages } from '../src/languages/index.ts';
import { printable } from '../src/printable.ts';
import { createCompiler, measureCharacters, pathInWorld } from '../src/typst.ts';
import { viewOf } from '../src/view.ts';
import { anIssuedInvoice, someLines } from './an-issued-invoice.ts';

const compiler = createCompiler();
const coverage = openCoverage();
const widthsIn = new Map(
  brandFonts.map((font) => [
    font,
    measureCharacters(compiler, font, (character) => coverage.hasIn(font, character.charCodeAt(0))),
  ]),
);
/** Its allowance is wider than every net amount. */
const adjusted = {
  name: 'Paper',
  quantity: '900',
  unitPrice: '1000',
  taxRate: '19',
  allowances: [{ reason: 'Bulk', amount: '890000.00' }],
};
const viewIn = (language: string, lines = [...someLines(12), adjusted], font: BrandFont = 'Inter') =>
  viewOf(printable(anIssuedInvoice({ language, lines }), coverage), widthsIn.get(font) ?? new Map());

type Sized = [text: string, size: number];

/** As Typst sets them, kerning included, in points. */
const measured = (texts: Sized[], font: BrandFont): number[] => {
  compiler.addSource(
    pathInWorld('measure.typ'),
    `#set text(font: "${font}", fallback: false, number-width: "tabular", lang: "en")
    #context [#metadata(json("texts.json").map(((body, size)) => measure(text(size: size * 1pt, body)).width / 1pt)) <widths>]`,
  );
  compiler.mapShadow(pathInWorld('texts.json'), Buffer.from(JSON.stringify(texts)));
  const [widths = []]: number[][] = compiler.query(
    { mainFilePath: pathInWorld('measure.typ') },
    { selector: '<widths>', field: 'value' },
  );
  return widths;
};

const inter = ['de', 'en', 'en-US', 'es', 'fr', 'it', 'nl', 'pl'];
const settings = [
  ...inter.map((language) => ({ language, font: 'Inter' as const })),
  ...brandFonts.slice(1).map((font) => ({ language: 'de', font })),
];

for (const { language, font } of settings) {
  test(`columns in ${language} and ${font} are as wide as their widest text, no more than a point wider`, () => {
    const { columns, lines, words } = viewIn(language, undefined, font);
    const inColumn = (heading: string, ...cells: Sized[]) => Math.max(...measured([[heading, 7.4], ...cells], font));
    const quantity = inColumn('', ...lines.map((line): Sized => [line.quantity, 8.8])) + 12;
    const unit = inColumn('', ...lines.map((line): Sized => [line.unit, 8.8])) + 12;
    const wanted = [
      inColumn(words.position, ...lines.map(({ id }): Sized => [id, 8.8])) + 6,
      quantity,
      Math.max(unit, inColumn(words.quantity) + 12 - quantity),
      inColumn(
        words.unitPrice,
        ...lines.flatMap((line): Sized[] => [
          [line.price, 8.8],
          [line.priceBase ?? '', 7.4],
        ]),
      ) + 12,
      inColumn(words.taxRate, ...lines.map((line): Sized => [line.rate, 8.8])) + 12,
      inColumn(
        words.netAmount,
        ...lines.map((line): Sized => [line.netAmount, 8.8]),
        ...lines.flatMap(({ adjustments }) =>
          adjustments
            ? [adjustments.gross, ...adjustments.rows.map(([, amount]) => amount)].map((text): Sized => [text, 7.4])
            : [],
        ),
      ) + 6,
    ];
    assert.equal(columns?.length, wanted.length);
    for (const [index, width] of wanted.entries()) {
      const spare = (columns?.[index] ?? 0) - width;
      assert.ok(spare >= 0 && spare <= 1, `column ${index} is ${spare} points wider than its widest text`);
    }
  });
}

test('Typst finds the widths itself where another font sets the text, and where little room is left', () => {
  for (const language of [...languages.keys()].filter((tag) => !inter.includes(tag))) {
    assert.equal(viewIn(language).columns, null, language);
  }
  const wide = { name: 'Paper', quantity: '123456789.123', unitPrice: '9007199254740993.07', taxRate: '0' };
  assert.equal(viewIn('en', [{ ...wide, unit: 'x'.repeat(3) }]).columns, null);
  assert.equal(
    viewIn('en', [{ name: 'Paper', quantity: '1', unitPrice: '1', taxRate: '0', id: 'POSITION-1' }]).columns,
    null,
  );
});
