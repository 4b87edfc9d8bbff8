import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  consumeDeliveries,
  consumeRenders,
  deliverWebhook,
  enqueueDeliveries,
  enqueueRender,
  openDeliveryQueue,
  openQueue,
} from '../src/index.ts';
import type { DeliverWebhook, DeliveryQueue } from '../src/index.ts';
import { postgres, redis } from './backends.ts';

const aDelivery = (): DeliverWebhook => ({
  tenantId: randomUUID(),
  endpointId: randomUUID(),
  deliveryId: randomUUID(),
  generation: 1,
});
const done = () => Promise.resolve({ outcome: 'done' as const });

const PATIENCE_MS = 30_000;
const untilMissing = async (queue: DeliveryQueue, job: DeliverWebhook): Promise<void> => {
  for (const end = Date.now() + PATIENCE_MS; (await queue.presence([job]))[0] !== 'missing'; await sleep(20))
    assert.ok(Date.now() < end, 'the job is still there');
};

for (const backend of [redis, postgres]) {
  const title = (text: string): string => `${backend.name} queue: ${text}`;

  describe(`${backend.name} queue of deliveries`, { timeout: 120_000 }, () => {
    test(
      title('a delivery and a render travel apart: neither waits for the other, nor gets into its hands'),
      async () => {
        const settings = await backend.settings();
        await using renders = await openQueue(settings);
        await using deliveries = await openDeliveryQueue(settings);
        const render = { tenantId: randomUUID(), invoiceId: randomUUID(), generation: 1 };
        const delivery = aDelivery();
        const { promise: released, resolve: release } = Promise.withResolvers<void>();
        const { promise: rendered, resolve } = Promise.withResolvers<unknown>();
        const hanging: unknown[] = [];
        await using _deliverer = await consumeDeliveries(
          settings,
          async ({ payload }) => (hanging.push(payload), await released, done()),
          { concurrency: 1 },
        );
        await enqueueDeliveries(deliveries, [delivery, aDelivery()]);
        await using _renderer = await consumeRenders(settings, async ({ payload }) => (resolve(payload), done()), {
          concurrency: 1,
        });
        await enqueueRender(renders, [render]);
        assert.deepEqual(await rendered, render);
        assert.ok(hanging.length <= 1);
        release();
        await untilMissing(deliveries, delivery);
        assert.deepEqual(hanging[0], delivery);
      },
    );

    test(title('a delivery that is done, or failed, may be added again under its id'), async () => {
      const settings = await backend.settings();
      await using queue = await openDeliveryQueue(settings);
      const job = aDelivery();
      let runs = 0;
      await using _consumer = await consumeDeliveries(
        settings,
        async () => {
          runs += 1;
          if (runs === 2) throw new Error('the second one');
          return { outcome: 'done' };
        },
        { concurrency: 1 },
      );
      for (const run of [1, 2, 3]) {
        assert.deepEqual(await enqueueDeliveries(queue, [job]), { enqueued: true });
        await untilMissing(queue, job);
        assert.equal(runs, run);
      }
    });
  });
}

test('a delivery job carries ids and nothing else', async () => {
  assert.throws(() => deliverWebhook.payload.parse({ ...aDelivery(), url: 'https://a.example' }), /url/);
  const { deliveryId, ...rest } = aDelivery();
  assert.equal(deliverWebhook.id({ deliveryId, ...rest, generation: 3 }), `${deliveryId}_3`);
});
