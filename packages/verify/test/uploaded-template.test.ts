/** Bundles of invoices that an uploaded template laid out: a program in a file that may have come from anywhere. */
import { createTemplateRenderer } from '@invoicepress/documents';
import { formatInfo, formats, type IssuedInvoice } from '@invoicepress/invoice';
import { snapshotPath, writeBundle, type Manifest } from '@invoicepress/proof';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyBundle, type Finding, type Report, type VerifyOptions } from '../src/index.ts';
import { aProof, aSigner, relabelled, renderer } from './a-bundle.ts';

const signer = await aSigner();
const verify = (bytes: Uint8Array, options: VerifyOptions = {}) =>
  verifyBundle(bytes, { keys: signer.publicKeys, renderer: () => renderer, ...options });
const find = ({ findings }: Report, check: Finding['check'], subject?: string): Finding =>
  findings.find((each) => each.check === check && (subject === undefined || each.subject === subject))!;
const notFine = ({ findings }: Report) =>
  findings.flatMap(({ verdict, check, subject }) => (verdict === 'ok' ? [] : [`${verdict} ${check} ${subject}`]));

type Template = Record<string, Uint8Array | string>;
const folder = join(import.meta.dirname, '../../../docs/templates/letterhead');
const letterhead: Template = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
);

/** The bundle of an invoice by this template; `claimed` is listed in its place. */
const aProofBy = (template: Template, claimed = template): { manifest: Manifest; files: Map<string, Uint8Array> } => {
  const proof = aProof({ formats: [...formats] });
  const filesOf = (source: Template) =>
    Object.entries(source).map(([path, content]) => ({ path, content: Buffer.from(content as string) }));
  const invoice = JSON.parse(Buffer.from(proof.files.get(snapshotPath)!).toString()) as IssuedInvoice;
  let made = proof;
  for (const { format, bytes } of createTemplateRenderer(filesOf(template)).render(invoice).documents)
    if (formatInfo[format].mediaType === 'application/pdf')
      made = relabelled(made, `documents/invoice.${formatInfo[format].extension}`, bytes);
  const brought = filesOf(claimed).map(({ path, content }) => ({ path: `template/${path}`, content }));
  return {
    manifest: {
      ...made.manifest,
      template: { name: 'letterhead', version: '3' },
      files: [
        ...made.manifest.files,
        ...brought.map(({ path, content }) => ({
          path,
          role: 'template' as const,
          mediaType: 'application/octet-stream',
          sizeBytes: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
        })),
      ],
    },
    files: new Map([...made.files, ...brought.map(({ path, content }) => [path, content] as const)]),
  };
};
const proof = aProofBy(letterhead);
const bundle = await writeBundle(proof.manifest, proof.files, signer);
const pdf = 'documents/invoice.pdf';

test('a PDF by an uploaded template is made again by the template in the bundle, and the bundle verifies', async () => {
  const report = await verify(bundle);
  assert.deepEqual(notFine(report), []);
  assert.equal(report.verdict, 'verified');
  assert.equal(find(report, 're-rendering', pdf).detail, 'the same bytes');
  assert.equal(find(report, 're-rendering', 'documents/invoice.facturx.pdf').detail, 'the same bytes');
});

test('a PDF that was exchanged is found, whoever signed the bundle anew', async () => {
  const other = relabelled(proof, pdf, aProofBy({ 'main.typ': 'Pay to somebody else' }).files.get(pdf)!);
  const byIssuer = await verify(await writeBundle(other.manifest, other.files, signer));
  assert.ok(notFine(byIssuer).includes(`wrong re-rendering ${pdf}`), notFine(byIssuer).join());
  assert.match(find(byIssuer, 're-rendering', pdf).detail, /same versions, it differs from byte \d+ on$/);

  const byAnother = await verify(await writeBundle(other.manifest, other.files, await aSigner()));
  assert.deepEqual(notFine(byAnother), ['wrong signature manifest.json.jws'], 'and nothing of it was run');
});

test('a template that nobody vouches for is not run', async () => {
  const report = await verify(bundle, {
    keys: undefined,
    templates: { sandboxed: () => assert.fail('it was about to') },
  });
  assert.equal(report.verdict, 'incomplete');
  assert.match(find(report, 're-rendering', pdf).detail, /run only where a key given with --keys vouches for it/);
});

test('where the kernel does not confine it, a template is not run, and it is said so', async () => {
  const report = await verify(bundle, { templates: { sandboxed: async () => false } });
  assert.equal(report.verdict, 'incomplete');
  assert.match(find(report, 're-rendering', pdf).detail, /does not hold one to bounds of memory .* was not run/);
  assert.equal(find(report, 're-rendering', 'documents/invoice.ubl.xml').verdict, 'ok');
  assert.equal(find(report, 'figures').verdict, 'ok');
});

for (const [what, main, bounds, why] of [
  [
    'does not end',
    '#for a in range(9000) { for b in range(9000) { for c in range(9000) {} } }',
    { timeoutMs: 2_000 },
    /longer than 2000 ms/,
  ],
  ['takes all memory', '#grid(columns: 100000000)[A]', {}, /more than 1024 MB of memory/],
] as const)
  test(`a template in a bundle that ${what} is stopped, and proves nothing`, async () => {
    const hostile = aProofBy(letterhead, { ...letterhead, 'main.typ': main });
    const report = await verify(await writeBundle(hostile.manifest, hostile.files, signer), { templates: bounds });
    assert.equal(report.verdict, 'incomplete');
    assert.match(find(report, 're-rendering', pdf).detail, why);
  });

test('a template in a bundle reads no file of this machine', async () => {
  const hostile = aProofBy(letterhead, { ...letterhead, 'main.typ': '#read("/etc/passwd")' });
  const report = await verify(await writeBundle(hostile.manifest, hostile.files, signer));
  assert.ok(notFine(report).includes(`wrong re-rendering ${pdf}`));
  assert.match(find(report, 're-rendering', pdf).detail, /cannot be made of the snapshot: .*file not found/);
});

test('what could never have been uploaded as a template is not run', async () => {
  for (const [more, why] of [
    [{ 'evil.wasm': 'x' }, /of a kind that a bundle does not hold/],
    [{ 'invoice.json': '{}' }, /the name of the data/],
    [{ 'MAIN.typ': 'x' }, /differ by case alone/],
    [{ 'big.txt': Buffer.alloc(8 * 2 ** 20 + 1) }, /a file may have/],
    [Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.txt`, 'x'])), /may have 100/],
  ] as const) {
    const unfit = aProofBy(letterhead, { ...letterhead, ...(more as Template) });
    const report = await verify(await writeBundle(unfit.manifest, unfit.files, signer), {
      templates: { sandboxed: () => assert.fail('it was about to run') },
    });
    assert.equal(report.verdict, 'wrong');
    assert.match(find(report, 're-rendering', pdf).detail, why);
  }
});

test('what a template leaves out of its pages is said, and is not wrong; the invoice inside of the PDF is read all the same', async () => {
  const sparse = aProofBy({ 'main.typ': '#set text(font: json("fonts.json"))\nThank you for your order.' });
  const report = await verify(await writeBundle(sparse.manifest, sparse.files, signer));
  assert.deepEqual(notFine(report), ['unchecked figures all documents']);
  assert.match(find(report, 'figures').detail, /may leave that out: The pdf document does not show its number/);
});

test('a bundle whose template is lacking is wrong', async () => {
  const files = proof.manifest.files.filter(({ path }) => path !== 'template/main.typ');
  const rest = new Map([...proof.files].filter(([path]) => path !== 'template/main.typ'));
  const report = await verify(await writeBundle({ ...proof.manifest, files }, rest, signer));
  assert.match(find(report, 'snapshot').detail, /lacks the files of its template/);
});
