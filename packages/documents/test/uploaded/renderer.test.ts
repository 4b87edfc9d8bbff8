import { sampleNames, type TemplateDiagnostic } from '@invoicepress/invoice';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRenderer, createTemplateRenderer, drawPage, TemplateError, type TemplateFile } from '../../src/index.ts';
import { sampleInvoice } from '../../src/uploaded/samples.ts';
import { anIssuedInvoice } from '../an-issued-invoice.ts';
import { textOf } from '../reading.ts';
import { aTemplate } from './a-template.ts';

const invoice = anIssuedInvoice();
const sourceOf = (files: TemplateFile[], issued = invoice): string => {
  const [document] = createTemplateRenderer(files).render(issued).documents;
  return Buffer.from(document!.bytes).toString('latin1');
};
const diagnosticsOf = (files: Record<string, string | Uint8Array>, issued = invoice): TemplateDiagnostic[] => {
  try {
    createTemplateRenderer(aTemplate(files)).render(issued);
  } catch (error) {
    if (error instanceof TemplateError) return error.diagnostics;
    throw error;
  }
  assert.fail('the template is accepted');
};

test('a template lays out every sample as a tagged PDF/A-3b, of the date of the invoice, with the XML inside', () => {
  const renderer = createTemplateRenderer(aTemplate());
  for (const name of sampleNames) {
    const { documents, warnings } = renderer.render(sampleInvoice(name));
    const pdf = Buffer.from(documents[0]!.bytes).toString('latin1');
    assert.match(pdf, /<pdfaid:part>3<\/pdfaid:part><pdfaid:conformance>B</);
    assert.match(pdf, /\/StructTreeRoot/);
    assert.match(pdf, /\/CreationDate \(D:20260302000000Z/);
    assert.match(pdf, /\/UF \(factur-x\.xml\)/);
    assert.equal(documents[0]!.pageCount, 1);
    assert.deepEqual(warnings, []);
  }
});

test('our default template gives the same bytes when it is uploaded, with the look and the logo of a brand too', () => {
  const folder = join(import.meta.dirname, '../../templates/default');
  const files = readdirSync(folder).map((path) => ({ path, content: readFileSync(join(folder, path)) }));
  const [builtIn] = createRenderer().render(invoice);
  assert.equal(sourceOf(files), Buffer.from(builtIn!.bytes).toString('latin1'));

  const image = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0h40v30z"/></svg>',
  );
  const logo = { sha256: 'a'.repeat(64), mediaType: 'image/svg+xml', width: 40, height: 30 } as const;
  const branded = { ...invoice, branding: { logo, colours: { accent: '#7a1f3d' } } };
  const [ours, theirs] = [createRenderer(), createTemplateRenderer(files)].map((renderer) => {
    const made = renderer.render(branded, { [logo.sha256]: image });
    return Buffer.from(('documents' in made ? made.documents : made)[0]!.bytes);
  });
  assert.ok(ours!.equals(theirs!));
  assert.ok(!ours!.equals(Buffer.from(builtIn!.bytes)));
});

test('the same invoice gives the same bytes, whenever it is rendered', async () => {
  const first = sourceOf(aTemplate());
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.equal(sourceOf(aTemplate()), first);
});

test('a template has its own files and fonts, and nothing of ours or of the machine', async () => {
  const files = {
    'parts/seller.typ': '#let seller = [Parts]',
    'main.typ': '#import "parts/seller.typ": seller\n#seller',
  };
  const [document] = createTemplateRenderer(aTemplate(files)).render(invoice).documents;
  assert.equal((await textOf(document!.bytes)).trim(), 'Parts');
  for (const path of ['measures.typ', 'characters.json', 'theme.typ', '/etc/passwd', '../package.json'])
    assert.match(
      diagnosticsOf({ 'main.typ': `#read("${path}")` })[0]!.message,
      /file not found|a template reads the files of its bundle/,
    );
});

test('a font of the bundle is used and embedded, and one that is broken is passed over', () => {
  const black = readFileSync(
    fileURLToPath(import.meta.resolve('@expo-google-fonts/inter/900Black/Inter_900Black.ttf')),
  );
  const files = aTemplate({
    'fonts/black.ttf': black,
    'fonts/broken.ttf': black.subarray(0, 300),
    'main.typ': '#set text(font: "Inter", weight: 900)\nBlack',
  });
  assert.match(sourceOf(files), /\/BaseFont \/[A-Z]{6}\+Inter-Black/);
});

test('an error is told with its file, line and column, and with what helps', () => {
  const [found] = diagnosticsOf({
    'main.typ': '#import "sum.typ": sum\n#sum(1)',
    'sum.typ': '// Größe\n#let sum(x) = {\n  x + "1"\n}',
  });
  assert.deepEqual(found, {
    severity: 'error',
    message: 'cannot add integer and string',
    file: 'sum.typ',
    line: 3,
    column: 3,
  });
  const cases: [string, RegExp, RegExp][] = [
    ['#import "@preview/cetz:0.3.0": *', /there are no packages here/, /copy the package's files/],
    ['#set document(date: none)\nA', /missing document date/, /leave out/],
    [
      '#context { let c = counter("x"); if c.final().first() < 99 { c.update(c.final().first() + 1) } }',
      /did not converge/,
      /circle/,
    ],
    [
      '#pdf.attach("a.txt", bytes("A"), relationship: "supplement", mime-type: "text/plain", description: "A")',
      /attaches a file/,
      /remove/,
    ],
    ['#set page(width: 20000pt)\nA', /larger than 14400 points/, /paper/],
    ['\n  #datetime.today().display()', /datetime\.today is not available/, /invoice\.date/],
  ];
  for (const [source, message, hint] of cases) {
    const [first] = diagnosticsOf({ 'main.typ': source });
    assert.match(first!.message, message);
    assert.match(first!.hint ?? '', hint, source);
  }
  assert.deepEqual(diagnosticsOf({ 'main.typ': '\n  #datetime.today()' })[0]!.column, 12);
});

test('what a template only should not do is a warning', () => {
  const { warnings } = createTemplateRenderer(aTemplate({ 'main.typ': '#set text(font: "Nowhere Sans")\nA' })).render(
    invoice,
  );
  assert.match(warnings[0]!.message, /unknown font family/);
  assert.deepEqual([warnings[0]!.severity, warnings[0]!.file, warnings[0]!.line], ['warning', 'main.typ', 1]);
});

test('texts of the invoice are data: what they say in Typst is printed', async () => {
  const issued = anIssuedInvoice({ notes: ['#panic("no") $ *x* _y_ "]'] });
  const [document] = createTemplateRenderer(aTemplate({ 'main.typ': '#json("invoice.json").notes.at(0)' })).render(
    issued,
  ).documents;
  assert.ok((await textOf(document!.bytes)).includes('#panic("no") $ *x* _y_ "]'));
});

test('metadata that a template sets cannot break those of Factur-X', () => {
  const main =
    '#set document(title: "</rdf:RDF> /MediaBox [0 0 9 9] ]]>", author: "<x:xmpmeta/>", keywords: ("/AF", ">>\\nendobj"))\nA';
  const pdf = sourceOf(aTemplate({ 'main.typ': main }), { ...invoice, formats: ['facturx'] });
  assert.match(pdf, /<fx:DocumentFileName>factur-x\.xml</);
});

test('a page is drawn as a PNG of its own size, and a page that is not there is not', async () => {
  const [document] = createTemplateRenderer(aTemplate()).render(invoice).documents;
  const png = Buffer.from((await drawPage(document!.bytes, 1))!);
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [909, 1286]);
  assert.equal(await drawPage(document!.bytes, 2), undefined);
});
