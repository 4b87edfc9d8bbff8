import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDraft, type InvoiceDraft } from '@invoicepress/invoice';

/** What one draft breaks, where, and in which words its sender is told. */
export type Row = [rule: string | undefined, pointer: string, says: RegExp, draft: InvoiceDraft];

/** Each draft violates one rule and no other. */
export const violates = (rows: Row[]): void => {
  for (const [rule, pointer, says, draft] of rows) {
    test(`${rule ?? 'no norm, but sense'} at ${pointer}: ${says.source}`, () => {
      const [found, ...others] = checkDraft(draft);
      assert.deepEqual(others, []);
      assert.equal(found?.rule, rule);
      assert.equal(found?.pointer, pointer);
      assert.match(found?.detail ?? '', says);
      if (rule) assert.match(found?.term ?? '', /^B[TG]-\d+$/);
    });
  }
};

export const holds = (drafts: Record<string, InvoiceDraft>): void => {
  for (const [name, draft] of Object.entries(drafts)) {
    test(`${name} breaks no rule`, () => assert.deepEqual(checkDraft(draft), []));
  }
};
