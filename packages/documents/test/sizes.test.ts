import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandFonts, type BrandFont, type DraftLine, type InvoiceDraft } from '@invoicepress/invoice';
import { openCoverage } from '../src/fonts.ts';
import { languages } from '../src/languages/index.ts';
import { lookOf } from '../src/look.ts';
import { printable } from '../src/printable.ts';
import { createRuler } from '../src/ruler.ts';
import type { SizesView } from '../src/sizes.ts';
import { createCompiler, pathInWorld, rulerOf } from '../src/typst.ts';
import { viewOf, type InvoiceView } from '../src/view.ts';
import { anIssuedInvoice, someLines } from './an-issued-invoice.ts';
import { textPositions } from './reading.ts';

const compiler = createCompiler();
const coverage = openCoverage();
const rulers = new Map(
  brandFonts.map((font) => [
    font,
    rulerOf(compiler, font, (character) => coverage.hasIn(font, character.charCodeAt(0))),
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
const noRuler = createRuler(new Map(), Number.NaN);
const viewOfDraft = (draft: Partial<InvoiceDraft>, font: BrandFont = 'Inter') =>
  viewOf(printable(anIssuedInvoice(draft), coverage), rulers.get(font) ?? noRuler);
const viewIn = (language: string, lines = [...someLines(12), adjusted], font: BrandFont = 'Inter') =>
  viewOfDraft({ language, lines }, font);

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
    const { columns, sizes, lines, totals, taxes, words } = viewIn(language, undefined, font);
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
      inColumn('', ...totals.map(([, amount]): Sized => [amount, 8.8])),
      inColumn(words.taxable, ...taxes.map(({ taxable }): Sized => [taxable, 7.4])) + 20,
      inColumn(words.tax, ...taxes.map(({ tax }): Sized => [tax, 7.4])),
    ];
    const computed = [...(columns ?? []), sizes.totals.amounts, ...sizes.taxes.columns];
    assert.equal(computed.length, wanted.length);
    for (const [index, width] of wanted.entries()) {
      const spare = (computed[index] ?? 0) - width;
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

/** A character more from one to the next: around the length for which there is room, so that some just do not fit. */
const growing = (word: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) =>
    `${word} `
      .repeat(to)
      .slice(0, from + index)
      .trim(),
  );

const aLine = (line: Partial<DraftLine>): DraftLine => ({
  name: 'Paper',
  quantity: '3',
  unitPrice: '100',
  taxRate: '19',
  ...line,
});

/** Texts for narrow, wide and the widest columns; what follows each shows how high it is. */
const facts = (text: string, wide = text, widest = text): Partial<InvoiceDraft> => ({
  orderReference: text,
  contractReference: 'C-1',
  projectReference: 'P-1',
  salesOrderReference: 'S-1',
  despatchAdviceReference: 'D-1',
  receivingAdviceReference: 'R-1',
  tenderReference: 'T-1',
  accountingReference: 'A-1',
  buyer: {
    name: 'Museum Nordlicht',
    taxNumber: text,
    registrationId: text,
    identifiers: [{ id: text }],
    address: { city: 'Wien', country: 'AT' },
  },
  attachments: [
    { id: 'A-1', description: widest },
    { id: 'A-2', description: 'Plan' },
  ],
  payment: { iban: 'DE89370400440532013000', reference: wide, terms: 'At once' },
  allowances: [{ reason: text, amount: '1', taxRate: '19' }],
});

/** Texts of every kind about as long as there is room for them: wide and narrow letters, figures, pairs that are kerned. */
const drafts: Record<string, Partial<InvoiceDraft>> = {
  'ordinary lines': { lines: [...someLines(12), adjusted] },
  'an invoice in small type': {
    lines: [...someLines(6), aLine({ quantity: '123456.125', unitPrice: '123456789.12' })],
  },
  'lines of growing names': {
    lines: [
      ...growing('0000', 36, 52),
      ...growing('AVATAR', 36, 50),
      ...growing('fly office', 46, 66),
      ...growing('(i.e.)', 70, 96),
    ].map((name) => aLine({ name })),
  },
  'lines of growing descriptions': {
    lines: [...growing('0000', 44, 62), ...growing('AVATAR', 44, 60), ...growing('fly office', 58, 78)].map((text) =>
      aLine({ description: `${text}\nand more` }),
    ),
  },
  'descriptions with empty lines, and very long ones': {
    lines: [
      aLine({ description: 'one\n\nthree\n \nfive' }),
      aLine({ description: 'line\n'.repeat(60) }),
      aLine({ description: 'two, and an empty one\nlines\n\n' }),
      aLine({ description: 'two\nlines\n', priceBaseQuantity: '1000' }),
      aLine({ priceBaseQuantity: '1000' }),
    ],
  },
  ...Object.fromEntries(
    growing('0000', 20, 32).map((text, index) => [
      `facts such as ${text}`,
      facts(text, growing('0000', 49, 61)[index], growing('0000', 73, 85)[index]),
    ]),
  ),
};

const notSure = ({ columns, sizes: { totals, taxes, rows } }: SizesView): SizesView => ({
  columns,
  sizes: {
    rows: rows.map(() => null),
    details: null,
    references: null,
    payment: null,
    attachments: null,
    totals: { ...totals, rows: null },
    taxes: { ...taxes, rows: taxes.rows.map(() => null) },
  },
});

const typeset = (view: InvoiceView, font: BrandFont): Buffer => {
  const map = (name: string, value: unknown) =>
    compiler.mapShadow(pathInWorld(name), Buffer.from(JSON.stringify(value)));
  map('invoice.json', view);
  map('fonts.json', coverage.familiesFor(JSON.stringify(view), view.script, font));
  map('look.json', lookOf());
  return compiler.pdf({ mainFilePath: pathInWorld('main.typ') });
};

for (const font of brandFonts) {
  test(`in ${font}, all stands where it would if Typst had found the heights`, async () => {
    for (const [index, [name, draft]] of Object.entries(drafts).entries()) {
      const view = viewOfDraft({ ...draft, paperSize: index % 2 === 0 ? 'A4' : 'Letter' }, font);
      const computed = await textPositions(typeset(view, font));
      assert.deepEqual(computed, await textPositions(typeset({ ...view, ...notSure(view) }, font)), name);
    }
  });

  test(`in ${font}, heights of short texts are sure, and those of texts that may take another line are not`, () => {
    const { sizes } = viewOfDraft({ lines: [...someLines(3), aLine({ name: 'Paper '.repeat(20) }), adjusted] }, font);
    const { details, payment, totals, taxes, rows } = sizes;
    for (const size of [details, payment, totals.rows, ...taxes.rows, ...rows.slice(0, 3)]) assert.ok(size && size > 5);
    assert.deepEqual(rows.slice(3), [null, null, null, null]);
    const long = viewOfDraft(facts('Paper '.repeat(20)), font).sizes;
    assert.deepEqual([long.details, long.payment, long.attachments, long.totals.rows], [null, null, null, null]);
  });
}

test('heights are not sure where another font sets the text', () => {
  const { rows } = viewIn('en', [aLine({}), aLine({ name: 'Бумага' }), aLine({ description: 'лён' })]).sizes;
  assert.deepEqual(
    rows.map((height) => height !== null),
    [true, false, false],
  );
});
