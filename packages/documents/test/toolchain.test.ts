import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolchain } from '../src/toolchain.ts';
import { anIssuedInvoice } from './an-issued-invoice.ts';
import { createPdfRenderer } from './pdf-renderer.ts';

test('the versions that documents are recorded with are those that made them', () => {
  const versions = new Map(toolchain.split(' ').map((entry) => entry.split('@') as [string, string]));
  assert.deepEqual([...versions.keys()], ['invoicepress', 'node', 'typst', 'fonts']);
  assert.equal(versions.get('node'), process.versions.node);
  const pdf = Buffer.from(createPdfRenderer().render(anIssuedInvoice()).bytes).toString('latin1');
  assert.equal(
    /<xmp:CreatorTool>Typst ([^<]+)</.exec(pdf)?.[1],
    versions.get('typst'),
    'a new Typst: name it in toolchain.ts',
  );
});
