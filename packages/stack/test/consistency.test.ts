import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SubmitInvoice, toDraft } from '@invoicepress/client';
import { createRenderer } from '@invoicepress/documents';
import { findDifferences } from '@invoicepress/documents/consistency';
import { formats, issueInvoice } from '@invoicepress/invoice';
import { samples } from '../src/samples/index.ts';

const renderer = createRenderer();

for (const { name, invoice } of samples) {
  test(`every document of ${name} states the same number, currency and totals`, async () => {
    const draft = { ...toDraft(SubmitInvoice.parse(invoice)), formats: [...formats] };
    const issued = issueInvoice(draft, invoice.number ?? 'DEMO-2026-00007', '2026-11-22');
    assert.deepEqual(await findDifferences(renderer.render(issued), issued), []);
  });
}
