import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isFinal,
  isSettled,
  requiredStatus,
  statuses,
  TransitionRefused,
  type InvoiceStatus,
  type LifecycleRequest,
} from '@invoicepress/invoice';

const table: Record<InvoiceStatus, { final: boolean; settled: boolean; allows: LifecycleRequest[] }> = {
  queued: { final: false, settled: false, allows: ['cancel'] },
  rendering: { final: false, settled: false, allows: [] },
  ready: { final: true, settled: true, allows: [] },
  failed: { final: false, settled: true, allows: ['retry'] },
  canceled: { final: true, settled: true, allows: [] },
};
const requests: LifecycleRequest[] = ['cancel', 'retry'];

test('the table names every status', () => assert.deepEqual(Object.keys(table).toSorted(), [...statuses].toSorted()));

for (const status of statuses) {
  const { final, settled, allows } = table[status];
  test(`${status}: ${final ? 'final' : 'open'}, ${settled ? 'settled' : 'moving'}, allows ${allows.join() || 'no request'}`, () => {
    assert.equal(isFinal(status), final);
    assert.equal(isSettled(status), settled);
    assert.deepEqual(
      requests.filter((request) => requiredStatus(request) === status),
      allows,
    );
  });
}

for (const request of requests) {
  for (const status of statuses.filter((candidate) => candidate !== requiredStatus(request))) {
    test(`refusing to ${request} a ${status} invoice says what to do instead`, () => {
      const refused = new TransitionRefused(request, status);
      assert.match(refused.message, new RegExp(`^a ${status} invoice cannot be (canceled|retried)$`));
      assert.match(refused.remedy, /^[A-Z].{15,}\.$/);
      assert.doesNotMatch(refused.remedy, /has just changed/, 'a remedy of its own');
    });
  }
}

test('a refusal that lost a race asks to look again', () => {
  assert.match(new TransitionRefused('cancel', 'queued').remedy, /Read the invoice again/);
});
