import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRenderer } from '@invoicepress/documents';
import { findDifferences } from '@invoicepress/documents/consistency';
import { formats, issueInvoice } from '@invoicepress/invoice';
import { draftOf, samples } from '../src/samples/index.ts';

const renderer = createRenderer();

for (const { name, invoice } of samples) {
  test(`every document of ${name} states the same number, currency and totals`, async () => {
    const { draft, assets } = draftOf(invoice);
    const issued = issueInvoice({ ...draft, formats: [...formats] }, invoice.number ?? 'DEMO-2026-00007', '2026-11-22');
    assert.deepEqual(await findDifferences(renderer.render(issued, assets), issued), []);
  });
}
