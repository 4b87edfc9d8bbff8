import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { toFacturX } from '../src/facturx/index.ts';
import { createRenderer, TemplateError } from '../src/index.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { pageTexts } from './reading.ts';

const renderer = createRenderer();
const invoice = anIssuedInvoice({ formats: ['pdf', 'facturx', 'cii'] });
const [plain, hybrid, xml] = renderer.render(invoice).map(({ bytes }) => Buffer.from(bytes)) as [
  Buffer,
  Buffer,
  Buffer,
];

test('the PDF stands in the Factur-X file byte for byte, and shows the same pages', async () => {
  assert.ok(hybrid.subarray(0, plain.length).equals(plain));
  assert.deepEqual(await pageTexts(hybrid), await pageTexts(plain));
});

test('what is attached is the CII document, byte for byte', async () => {
  const { attachments } = await read(hybrid);
  assert.deepEqual([...attachments.keys()], ['factur-x.xml']);
  assert.ok(attachments.get('factur-x.xml')?.equals(xml));
});

test('the attachment is described: media type, size, checksum, date and how it relates to the document', () => {
  const update = updateOf(hybrid);
  assert.match(update, /\/Type \/EmbeddedFile\n {2}\/Subtype \/text#2Fxml/);
  assert.ok(update.includes(`/Size ${xml.length}\n`));
  assert.ok(update.includes(`/CheckSum <${createHash('md5').update(xml).digest('hex')}>`));
  assert.ok(update.includes('/ModDate (D:20261122000000Z)'));
  assert.match(update, /\/F \(factur-x\.xml\)\n {2}\/UF \(factur-x\.xml\)/);
  assert.match(update, /\/AFRelationship \/Alternative\n {2}\/Desc \(.+\)/);
  assert.match(update, /\/Type \/Catalog[^]*\/EmbeddedFiles[^]*\/AF \[\d+ 0 R\]/);
});

test('the metadata keep all that they said, and add what Factur-X asks for', async () => {
  const [before, after] = [(await read(plain)).xmp, (await read(hybrid)).xmp];
  const [schema] =
    /<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X.*?<\/rdf:Seq><\/pdfaSchema:property><\/rdf:li>/.exec(
      after,
    )!;
  const [values] = /<rdf:Description rdf:about="" xmlns:fx=.*?<\/rdf:Description>/.exec(after)!;
  assert.equal(after.replace(schema, '').replace(values, ''), before);

  assert.match(schema, />urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#<.*<pdfaSchema:prefix>fx</);
  for (const name of ['DocumentType', 'DocumentFileName', 'Version', 'ConformanceLevel'])
    assert.ok(schema.includes(`<pdfaProperty:name>${name}<`));
  assert.ok(values.includes('xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"'));
  assert.deepEqual(
    [...values.matchAll(/<fx:(\w+)>(.*?)<\/fx:\1>/g)].map(([, name, value]) => [name, value]),
    [
      ['DocumentType', 'INVOICE'],
      ['DocumentFileName', 'factur-x.xml'],
      ['Version', '1.0'],
      ['ConformanceLevel', 'EN 16931'],
    ],
  );
});

test('an XRechnung is attached and described as one', async () => {
  const profiles: ['en16931', 'xrechnung'] = ['en16931', 'xrechnung'];
  const { attachments, xmp } = await read(toFacturX(plain, '<xml/>', { ...invoice, profiles }));
  assert.deepEqual([...attachments.keys()], ['xrechnung.xml']);
  assert.match(xmp, /<fx:DocumentFileName>xrechnung\.xml<.*<fx:Version>3\.0<.*<fx:ConformanceLevel>XRECHNUNG</);
});

test('every cross-reference of the PDF and of its update leads to the object it names', () => {
  const tables = crossReferences(hybrid);
  assert.equal(tables.length, 2);
  const [update = [], original = []] = tables;
  assert.ok(update.length === 4 && original.length > 100);
  for (const { number, offset } of tables.flat()) {
    const head = `${number} 0 obj\n`;
    assert.equal(hybrid.toString('latin1', offset, offset + head.length), head);
  }
});

test('the update has an id of its own, which the XML decides', () => {
  const ids = (pdf: Uint8Array) => [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/ID \[\((.+)\) \((.+)\)\]/g),
  ];
  const [first, second] = ids(hybrid);
  assert.equal(second?.[1], first?.[1]);
  assert.notEqual(second?.[2], first?.[2]);
  assert.notEqual(ids(toFacturX(plain, '<xml/>', invoice))[1]?.[2], second?.[2]);
});

test('the same invoice gives the same bytes, from any renderer', () => {
  const again = createRenderer()
    .render(invoice)
    .map(({ bytes }) => Buffer.from(bytes));
  assert.deepEqual(again, [plain, hybrid, xml]);
});

test('a document with links keeps their destinations beside the attachment', async () => {
  const linked = typeset('= Terms <terms>\n#link(<terms>)[See the terms]');
  const { attachments, destinations } = await read(toFacturX(linked, '<xml/>', invoice));
  assert.deepEqual([...attachments.keys(), ...destinations.keys()], ['factur-x.xml', 'terms']);
});

test('a template that attaches a file of its own is refused', () => {
  const withFile = typeset(
    '#pdf.attach("a.txt", bytes("A"), relationship: "supplement", mime-type: "text/plain", description: "A")',
  );
  assert.throws(
    () => toFacturX(withFile, '<xml/>', invoice),
    (error) => error instanceof TemplateError && /attaches a file of its own/.test(error.reason),
  );
});

for (const [what, damaged] of [
  ['a file that is no PDF', Buffer.from('<h1>Bad gateway</h1>')],
  ['a file that was cut short', plain.subarray(0, -10)],
  ['a file whose table of objects stands elsewhere', Buffer.concat([Buffer.from('%\n'), plain])],
  ['a file that was updated already', hybrid],
] as const) {
  test(`${what} is refused, not broken further`, () => {
    assert.throws(() => toFacturX(damaged, '<xml/>', invoice), /not as Typst used to write it/);
  });
}

/** The files inside, the metadata and the named destinations, as a reader sees them. */
async function read(pdf: Uint8Array) {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0, stopAtErrors: true });
  const document = await loading.promise;
  const attachments = new Map<string, Buffer>();
  for (const name of (await document.getAttachments())?.keys() ?? [])
    attachments.set(name, Buffer.from((await document.getAttachmentContent(name)) ?? []));
  const { metadata } = await document.getMetadata();
  const destinations = await document.getDestinations();
  await loading.destroy();
  return { attachments, destinations, xmp: String(metadata?.getRaw()) };
}

const updateOf = (pdf: Buffer): string => pdf.toString('latin1', plain.length);

/** The tables of a file, the last one first, as `startxref` and /Prev lead to them. */
function crossReferences(pdf: Buffer): { number: number; offset: number }[][] {
  const source = pdf.toString('latin1');
  const tables = [];
  for (let start = Number(/startxref\n(\d+)\n%%EOF$/.exec(source)?.[1]); start;) {
    const [, body = '', trailer = ''] = /^xref\n([^]*?)trailer\n([^]*?)startxref/.exec(source.slice(start)) ?? [];
    const sections = [...body.matchAll(/(\d+) \d+\n((?:\d{10} \d{5} [nf]\r\n)+)/g)];
    tables.push(
      sections.flatMap(([, first, entries = '']) =>
        [...entries.matchAll(/(\d{10}) \d{5} ([nf])/g)].flatMap(([, offset, kind], index) =>
          kind === 'n' ? [{ number: Number(first) + index, offset: Number(offset) }] : [],
        ),
      ),
    );
    start = Number(/\/Prev (\d+)/.exec(trailer)?.[1] ?? 0);
  }
  return tables;
}

function typeset(source: string): Buffer {
  const compiler = NodeCompiler.create({ workspace: '/nowhere' });
  compiler.addSource(
    '/nowhere/main.typ',
    `#set document(title: "T", date: datetime(year: 2026, month: 1, day: 1))\n${source}`,
  );
  return compiler.pdf({ mainFilePath: '/nowhere/main.typ' }, { pdfStandard: 'a-3b' });
}
