import { formats } from '@invoicepress/invoice';
import {
  documentPath,
  openBundle,
  ownFiles,
  writeBundle,
  writeManifest,
  writeZip,
  type Manifest,
} from '@invoicepress/proof';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Report } from '../src/index.ts';
import { verifyBundle } from '../src/index.ts';
import { aLogo, aProof, aSigner, relabelled, renderer } from './a-bundle.ts';

const signer = await aSigner();
const keys = signer.publicKeys;
const proof = aProof();
const bundle = await writeBundle(proof.manifest, proof.files, signer);
const verify = (bytes: Uint8Array, given = keys) => verifyBundle(bytes, { keys: given, renderer: () => renderer });

const wrongs = ({ findings }: Report): string[] =>
  findings.flatMap(({ verdict, check, subject }) => (verdict === 'wrong' ? [`${check} ${subject}`] : []));
const find = ({ findings }: Report, check: Finding['check'], subject?: string): Finding => {
  const found = findings.find((each) => each.check === check && (subject === undefined || each.subject === subject));
  assert.ok(found, `${check} ${subject ?? ''} was checked`);
  return found;
};
/** The bundle with its entries changed, in a container that is as it should be. */
const repacked = async (change: (files: Map<string, Uint8Array>) => void): Promise<Buffer> => {
  const { manifest, signature, keys: own, files } = await openBundle(bundle);
  const all = new Map([
    [ownFiles.manifest, manifest],
    [ownFiles.signature, Buffer.from(signature)],
    [ownFiles.keys, Buffer.from(own)],
    ...files,
  ]);
  change(all);
  return writeZip(all);
};
const signed = (change: (manifest: Manifest) => Manifest) => writeBundle(change(proof.manifest), proof.files, signer);
const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};
const paths = ['snapshot.json', ...formats.map(documentPath)];

test('a bundle holds: signature, files, events, rules, and every document made again with the same bytes', async () => {
  const report = await verify(bundle);
  assert.deepEqual(
    report.findings.filter(({ verdict }) => verdict !== 'ok'),
    [],
  );
  assert.equal(report.verdict, 'verified');
  assert.deepEqual(report.signature, { kid: signer.kid, trusted: true });
  assert.equal(report.invoice?.number, proof.manifest.invoice.number);
  const made = report.findings.filter(({ check }) => check === 're-rendering').map(({ subject }) => subject);
  assert.deepEqual(made, paths.slice(1));
});

test('the same invoice and key give the same bundle', async () => {
  const again = aProof();
  assert.ok(bundle.equals(await writeBundle(again.manifest, again.files, signer)));
});

test('a branded invoice is made again with its logo, which has to be the one that it names', async () => {
  const branded = aProof({ branding: { logo: aLogo, colours: { accent: '#7a1f3d' } } });
  const report = await verify(await writeBundle(branded.manifest, branded.files, signer));
  assert.equal(report.verdict, 'verified', JSON.stringify(report.findings.filter(({ verdict }) => verdict !== 'ok')));

  const lies = relabelled(branded, 'logo.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  const other = await verify(await writeBundle(lies.manifest, lies.files, signer));
  assert.match(find(other, 'snapshot').detail, /names [0-9a-f]{64}, there is [0-9a-f]{64}/);

  const files = proof.manifest.files.filter(({ role }) => role !== 'logo');
  const without = await verify(await writeBundle({ ...branded.manifest, files }, branded.files, signer));
  assert.equal(without.verdict, 'wrong');
});

test('without the key of the issuer a bundle is not verified, and it is said why', async () => {
  const report = await verifyBundle(bundle, { renderer: () => renderer });
  assert.equal(report.verdict, 'incomplete');
  assert.deepEqual(report.signature, { kid: signer.kid, trusted: false });
  assert.match(find(report, 'signature').detail, /CAME IN THE BUNDLE/);
});

test("a bundle that somebody else signed is refused by the issuer's key", async () => {
  const theirs = await writeBundle(proof.manifest, proof.files, await aSigner());
  const report = await verify(theirs);
  assert.equal(report.verdict, 'wrong');
  assert.match(find(report, 'signature').detail, /none of the keys made it/);
});

test('a key of another name than the signature says is of no use', async () => {
  const [key] = keys.keys;
  const [other] = (await aSigner()).publicKeys.keys;
  const report = await verify(bundle, { keys: [{ ...other!, kid: key!.kid! }] });
  assert.match(find(report, 'signature').detail, /does not hold/);
});

test('a changed byte is found wherever it is', async () => {
  const step = Math.ceil(bundle.length / 150);
  for (let at = 0; at < bundle.length; at += step) {
    const { verdict } = await verify(flipped(bundle, at));
    assert.equal(verdict, 'wrong', `byte ${at}`);
  }
  for (let at = bundle.length - 900; at < bundle.length; at += 3)
    assert.equal((await verify(flipped(bundle, at))).verdict, 'wrong', `byte ${at} of the directory`);
});

for (const path of [...paths, ...Object.values(ownFiles)]) {
  test(`${path} cannot be changed, left out, renamed or cut short`, async () => {
    const changes: ((files: Map<string, Uint8Array>) => void)[] = [
      (files) => files.set(path, flipped(files.get(path)!, 100 % files.get(path)!.length)),
      (files) => files.delete(path),
      (files) => {
        files.set('documents/other.pdf', files.get(path)!);
        files.delete(path);
      },
      (files) => files.set(path, files.get(path)!.subarray(0, -1)),
      (files) => files.set(path, new Uint8Array()),
    ];
    for (const change of changes) assert.equal((await verify(await repacked(change))).verdict, 'wrong');
  });
}

test('a changed file is named', async () => {
  const changed = await repacked((files) => files.set('documents/invoice.pdf', Buffer.from('%PDF-1.7 another')));
  const report = await verify(changed);
  assert.deepEqual(wrongs(report), ['file documents/invoice.pdf']);
  assert.match(find(report, 'file', 'documents/invoice.pdf').detail, /has 16 bytes, not \d+; has the SHA-256/);
});

test('a file that nobody listed is found', async () => {
  const report = await verify(await repacked((files) => files.set('documents/more.pdf', Buffer.from('%PDF'))));
  assert.deepEqual(wrongs(report), ['file documents/more.pdf']);
});

test('documents of another invoice are found, whether or not the manifest is edited to fit', async () => {
  const other = aProof({ number: 'INV-2026-00043' });
  const theirs = other.files.get('documents/invoice.pdf')!;
  assert.equal((await verify(await repacked((files) => files.set('documents/invoice.pdf', theirs)))).verdict, 'wrong');

  const edited = relabelled(proof, 'documents/invoice.pdf', theirs);
  const unsigned = await repacked((files) => {
    files.set('documents/invoice.pdf', theirs);
    files.set('manifest.json', Buffer.from(JSON.stringify(edited.manifest)));
  });
  assert.ok(wrongs(await verify(unsigned)).includes('signature manifest.json.jws'));

  const report = await verify(await writeBundle(edited.manifest, edited.files, signer));
  assert.deepEqual(wrongs(report), ['re-rendering documents/invoice.pdf', 'figures all documents']);
  assert.match(find(report, 'figures').detail, /pdf document does not show its number/);
});

test('XML that the snapshot does not give is found, even signed by the issuer', async () => {
  const xml = Buffer.from(
    Buffer.from(proof.files.get('documents/invoice.ubl.xml')!).toString().replace('Munken', 'Munkem'),
  );
  const edited = relabelled(proof, 'documents/invoice.ubl.xml', xml);
  const report = await verify(await writeBundle(edited.manifest, edited.files, signer));
  assert.deepEqual(wrongs(report), ['re-rendering documents/invoice.ubl.xml']);
  assert.match(find(report, 're-rendering', 'documents/invoice.ubl.xml').detail, /differs from byte \d+/);
});

test('what the manifest says of the invoice is that of the snapshot', async () => {
  const { totals } = proof.manifest.invoice;
  for (const change of [
    { number: 'INV-2026-00043' },
    { currency: 'USD' },
    { totals: { ...totals, payable: '1.00' } },
    { totals: { ...totals, payable: 'much' } },
  ]) {
    const report = await verify(
      await signed((manifest) => ({ ...manifest, invoice: { ...manifest.invoice, ...change } })),
    );
    assert.deepEqual(wrongs(report), ['snapshot snapshot.json']);
  }
});

test('events tell a life that an invoice can have', async () => {
  const [accepted, rendering, ready] = proof.manifest.events;
  for (const events of [
    [],
    [accepted!, ready!],
    [accepted!, rendering!],
    [rendering!, ready!],
    [accepted!, { ...rendering!, createdAt: '2020-01-01T00:00:00.000Z' }, ready!],
    [accepted!, rendering!, { ...ready!, generation: 2 }],
  ]) {
    const report = await verify(await signed((manifest) => ({ ...manifest, events })));
    assert.deepEqual(wrongs(report), ['events lifecycle'], JSON.stringify(events.map(({ type }) => type)));
  }
});

test('a rule report that says otherwise than the rules do, or leaves a profile out, is found', async () => {
  const { ruleSet, profiles } = proof.manifest.rules;
  const { xrechnung, ...others } = profiles;
  assert.equal(xrechnung!.valid, false, 'the invoice was not made for it');
  const better = { ...xrechnung!, valid: true, violations: [], violationCount: 0 };
  for (const changed of [{ ...profiles, xrechnung: better }, others]) {
    const report = await verify(await signed((manifest) => ({ ...manifest, rules: { ruleSet, profiles: changed } })));
    assert.deepEqual(wrongs(report), ['rules xrechnung']);
  }
});

test('an invoice that breaks what it had to keep was not accepted under the same rules; under others it may have been', async () => {
  const { manifest, files } = aProof({ profiles: ['xrechnung'] });
  assert.deepEqual(wrongs(await verify(await writeBundle(manifest, files, signer))), ['rules xrechnung']);
  const accepted = { ...manifest, acceptedUnder: 'rules@0' };
  const report = await verify(await writeBundle(accepted, files, signer));
  assert.equal(report.verdict, 'verified');
  assert.match(find(report, 'rules', 'xrechnung').detail, /had to keep them, and breaks/);
});

test('rules of another version cannot be compared: it is said what those of this version find', async () => {
  const { peppol } = proof.manifest.rules.profiles; // as of a time when there was no other profile
  const rules = { ruleSet: 'rules@0', profiles: { peppol: peppol! } };
  const report = await verify(await signed((manifest) => ({ ...manifest, rules })));
  assert.equal(report.verdict, 'incomplete');
  const [finding, ...more] = report.findings.filter(({ check }) => check === 'rules');
  assert.match(finding!.detail, /^reported by rules@0, this is rules@\d+, which finds the same$/);
  assert.deepEqual(more, []);
});

test('a manifest of another form is refused, though it is signed', async () => {
  const text = writeManifest(proof.manifest).toString();
  for (const [manifest, why] of [
    [`${text} `, /canonical/],
    [text.replace('{', '{"acceptedUnder":"rules@9",'), /canonical/], // there twice, and readers differ in which counts
    [JSON.stringify(proof.manifest, null, 2), /canonical/],
    [text.replace('proof@1', 'proof@2'), /^\/format/],
    [text.replace('{', '{"more":1,'), /more/],
    ['{}', /invalid|required/i],
    ['\u0000', /no JSON/],
  ] as const) {
    const bytes = Buffer.from(manifest);
    const signature = Buffer.from(await signer.sign(bytes));
    const report = await verify(
      await repacked((files) => files.set('manifest.json', bytes).set('manifest.json.jws', signature)),
    );
    assert.deepEqual(wrongs(report), ['manifest manifest.json'], manifest.slice(0, 80));
    assert.match(find(report, 'manifest').detail, why);
  }
});

test('what cannot be read is wrong, and says so', async () => {
  for (const bytes of [Buffer.alloc(0), bundle.subarray(0, bundle.length / 2), Buffer.from('%PDF-1.7')]) {
    const { verdict, findings } = await verify(bytes);
    assert.equal(verdict, 'wrong');
    assert.match(findings[0]!.detail, /^it cannot be read as a ZIP file/);
  }
});

test('a PDF of another version of our template is not made again, but its figures are read', async () => {
  const report = await verify(
    await signed((manifest) => ({ ...manifest, template: { name: 'default', version: '7' } })),
  );
  assert.equal(report.verdict, 'incomplete');
  assert.match(
    find(report, 're-rendering', 'documents/invoice.pdf').detail,
    /template default@7, which this version does not have/,
  );
  assert.equal(find(report, 're-rendering', 'documents/invoice.cii.xml').verdict, 'ok');
  assert.equal(find(report, 'figures').verdict, 'ok');
});

test('a document that other versions made may have other bytes; which versions is said', async () => {
  const older = aProof({ language: 'en-GB' }); // stands in for a PDF that an older Typst set a little differently
  const edited = relabelled(proof, 'documents/invoice.pdf', older.files.get('documents/invoice.pdf')!);
  const manifest = { ...edited.manifest, madeWith: { ...edited.manifest.madeWith, typst: '0.13.0' } };
  const report = await verify(await writeBundle(manifest, edited.files, signer));
  assert.equal(report.verdict, 'incomplete');
  const { verdict, detail } = find(report, 're-rendering', 'documents/invoice.pdf');
  assert.equal(verdict, 'unchecked');
  assert.match(detail, /^made with typst 0\.13\.0, this is 0\.14\.2; made here, it differs from byte \d+ on$/);
});
