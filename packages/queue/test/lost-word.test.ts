import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { consumeRenders, enqueueRender, openQueue } from '../src/index.ts';
import { postgresAndItsOwner } from './backends.ts';

const HOUR_MS = 3_600_000;
/** The consumer has come to rest by then. */
const REST_MS = 1_000;

test(
  'PostgreSQL: a job of which no word came is found, though another is delayed for long',
  { timeout: 20_000 },
  async () => {
    const { settings, asOwner } = await postgresAndItsOwner();
    await using queue = await openQueue(settings);
    const again = Promise.withResolvers<void>();
    let attempts = 0;
    await using _consumer = await consumeRenders(
      settings,
      () => {
        attempts += 1;
        if (attempts === 1) return Promise.resolve({ outcome: 'delay', ms: HOUR_MS, reason: 'an outage' });
        again.resolve();
        return Promise.resolve({ outcome: 'done' });
      },
      { concurrency: 1 },
    );
    await enqueueRender(queue, [{ tenantId: randomUUID(), invoiceId: randomUUID(), generation: 1 }]);
    await sleep(REST_MS);
    assert.equal(attempts, 1);
    const changed = await asOwner(`update bullmq.job set state = 'waiting', delay_ms = 0 where state = 'delayed'`);
    assert.equal(changed, 1);
    await again.promise;
  },
);
