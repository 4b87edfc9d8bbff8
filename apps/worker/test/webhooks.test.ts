import { createSealing, resendDelivery, rotateSecret, withTenant } from '@invoicepress/database';
import { openDeliveryQueue, openSharedRedis, queueSettings } from '@invoicepress/queue';
import { testRedisUrl } from '@invoicepress/stack/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { aReceiver, hang, status, type Received } from './a-receiver.ts';
import { aWebhookSite, type WebhookSite } from './a-webhook-site.ts';
import { aWorker } from './a-worker.ts';
import { openProxy } from './proxy.ts';
import { eventually } from './site.ts';

/** What a receiver makes of a request with Standard Webhooks' own library. @throws when the signature is not good */
const verify = (secret: string, { body, headers }: Received): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

const isSettled = ({ status: reached }: { status: string }): boolean => reached !== 'pending';
const settled = ({ delivery }: { delivery: { status: string } }): boolean => isSettled(delivery);
const tried =
  (times: number) =>
  ({ attempts }: { attempts: unknown[] }): boolean =>
    attempts.length === times;

for (const queue of ['Redis', 'PostgreSQL'] as const) {
  test(`with ${queue}, an event reaches its endpoint once, signed as Standard Webhooks says`, async () => {
    await using site = await aWebhookSite({ queue });
    await using receiver = await aReceiver(status(200, {}, 'thanks'));
    const endpoint = await site.endpoint(receiver.url);
    const worker = await site.deliver();
    const [job] = await site.accept({ number: 'R-1' });
    const { delivery, attempts } = await site.delivery(endpoint.id, settled);

    const [request, ...more] = receiver.received;
    assert.deepEqual(more, []);
    const event = await site.superuser.prisma.event.findFirstOrThrow({ where: { type: 'invoice.accepted' } });
    assert.deepEqual(verify(endpoint.secret, request!), {
      id: event.id,
      position: 1,
      type: 'invoice.accepted',
      createdAt: event.createdAt.toISOString(),
      invoice: { id: job!.invoiceId, number: 'R-1', status: 'queued', generation: 1 },
    });
    assert.equal(request!.headers['webhook-id'], event.id);
    assert.equal(request!.headers['content-type'], 'application/json');
    assert.equal(delivery.status, 'delivered');
    assert.deepEqual(
      attempts.map(({ number, statusCode, error, responseExcerpt }) => [number, statusCode, error, responseExcerpt]),
      [[1, 200, null, 'thanks']],
    );
    await eventually('it was told of', () => worker.logged('webhook_delivered').length === 1);
  });
}

test('while a previous secret is valid the old and the new one verify, afterwards the new one alone', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver();
  const { id, secret } = await site.endpoint(receiver.url);
  const sealing = createSealing(site.environment['WEBHOOK_SEALING_KEY']!);
  const rotated = await withTenant(site.superuser, site.tenantId, (tx) =>
    rotateSecret(tx, sealing, id, { previousValidSeconds: 3_600 }),
  );
  await site.deliver();
  await site.accept({});
  await eventually('the first has come', () => receiver.received.length === 1);
  verify(secret, receiver.received[0]!);
  verify(rotated!.secret, receiver.received[0]!);

  await site.superuser.prisma.webhookEndpoint.updateMany({ data: { previousSecretUntil: new Date(0) } });
  await site.accept({});
  await eventually('the second has come', () => receiver.received.length === 2);
  verify(rotated!.secret, receiver.received[1]!);
  assert.throws(() => verify(secret, receiver.received[1]!), /No matching signature/);
});

test('what a receiver refuses comes again after some seconds with the same webhook-id, until it is taken', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver((response, _request, number) =>
    response.writeHead(number === 1 ? 500 : 204).end(),
  );
  const { id } = await site.endpoint(receiver.url);
  await site.deliver();
  await site.accept({});
  const { delivery } = await site.delivery(id, tried(1));
  const waitMs = delivery.nextAttemptAt.getTime() - delivery.dispatchedAt!.getTime();
  assert.ok(waitMs >= 5_000 && waitMs < 30_000, `${waitMs} ms`);
  assert.equal(delivery.status, 'pending');

  await site.makeDue(id);
  const { delivery: after, attempts } = await site.delivery(id, settled);
  assert.equal(after.status, 'delivered');
  assert.deepEqual(
    attempts.map(({ number, statusCode }) => [number, statusCode]),
    [
      [1, 500],
      [2, 204],
    ],
  );
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  assert.equal(new Set(ids).size, 1);
});

test('a receiver that asks for time gets it, within a day', async () => {
  await using site = await aWebhookSite();
  await using patient = await aReceiver(status(503, { 'retry-after': '600' }));
  await using greedy = await aReceiver(status(429, { 'retry-after': '999999999' }));
  await site.deliver();
  const endpoints = [await site.endpoint(patient.url), await site.endpoint(greedy.url)];
  await site.accept({});
  const waits = await Promise.all(
    endpoints.map(async ({ id }) => {
      const { delivery } = await site.delivery(id, tried(1));
      return Math.floor((delivery.nextAttemptAt.getTime() - delivery.dispatchedAt!.getTime()) / 60_000);
    }),
  );
  assert.deepEqual(waits, [10, 24 * 60]);
});

test('after the last attempt a delivery has failed', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver(status(500));
  const { id } = await site.endpoint(receiver.url);
  await site.deliver();
  await site.accept({});
  await site.delivery(id, tried(1));
  await site.superuser.prisma.webhookDelivery.updateMany({ data: { attempts: 10 } });
  await site.makeDue(id);
  const { delivery } = await site.delivery(id, settled);
  assert.deepEqual([delivery.status, delivery.attempts], ['failed', 11]);
});

const endpointOf = (site: WebhookSite, id: string) =>
  site.superuser.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id } });

test('an endpoint that is gone is disabled, and hears of nothing more', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver(status(410));
  const { id } = await site.endpoint(receiver.url);
  const worker = await site.deliver();
  await site.accept({});
  const { delivery } = await site.delivery(id, settled);
  assert.equal(delivery.status, 'failed');
  const { enabled, disabledReason } = await endpointOf(site, id);
  assert.deepEqual([enabled, disabledReason], [false, 'it answered 410 Gone']);
  await eventually('it was told of', () => worker.logged('webhook_endpoint_disabled').length === 1);

  await site.accept({});
  await eventually('the event is placed', async () => {
    const open = await site.superuser.prisma.event.count({ where: { position: null } });
    return open === 0;
  });
  assert.equal((await site.deliveries(id)).length, 1);
  assert.equal(receiver.received.length, 1);
});

test('an endpoint that has only failed for five days is disabled; one that succeeded in between is not', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver((response, _request, number) =>
    response.writeHead(number === 2 ? 204 : 500).end(),
  );
  const { id } = await site.endpoint(receiver.url);
  await site.deliver();
  await site.accept({});
  await site.delivery(id, tried(1));
  assert.notEqual((await endpointOf(site, id)).failingSince, null);

  await site.makeDue(id);
  await site.delivery(id, settled);
  assert.equal((await endpointOf(site, id)).failingSince, null);

  await site.superuser.prisma.webhookEndpoint.updateMany({
    data: { failingSince: new Date(Date.now() - 6 * 24 * 3_600_000) },
  });
  await site.accept({});
  await eventually('it is disabled', async () => !(await endpointOf(site, id)).enabled);
  assert.equal((await endpointOf(site, id)).disabledReason, 'every attempt failed for 5 days');
});

test('a redirect is an answer like any other, and not followed', async () => {
  await using site = await aWebhookSite();
  await using elsewhere = await aReceiver();
  await using receiver = await aReceiver(status(307, { location: elsewhere.url }));
  const { id } = await site.endpoint(receiver.url);
  await site.deliver();
  await site.accept({});
  const { attempts } = await site.delivery(id, tried(1));
  assert.deepEqual(
    attempts.map(({ statusCode }) => statusCode),
    [307],
  );
  assert.deepEqual(elsewhere.received, []);
});

test('a receiver that does not answer in time has failed the attempt', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver(hang);
  const { id } = await site.endpoint(receiver.url);
  await site.deliver({ WEBHOOK_TIMEOUT_MS: '200' });
  await site.accept({});
  const { attempts } = await site.delivery(id, tried(1));
  assert.deepEqual(
    attempts.map(({ statusCode, error }) => [statusCode, error]),
    [[null, 'there was no answer within 200 ms']],
  );
});

test('without the setting for it, nothing is sent to this machine', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver();
  const { id } = await site.endpoint(receiver.url.replace('http:', 'https:'));
  await site.deliver({ WEBHOOK_ALLOW_LOOPBACK: 'false' });
  await site.accept({});
  const { attempts } = await site.delivery(id, tried(1));
  assert.match(attempts[0]?.error ?? '', /address that is not public/);
  assert.deepEqual(receiver.received, []);
});

test('a delivery that is sent again keeps its webhook-id, and the log keeps both', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver();
  const { id } = await site.endpoint(receiver.url);
  await site.deliver();
  await site.accept({});
  const { delivery } = await site.delivery(id, settled);
  await withTenant(site.superuser, site.tenantId, (tx) => resendDelivery(tx, id, delivery.id));
  const { attempts } = await site.delivery(id, tried(2));
  assert.deepEqual(
    attempts.map(({ generation, number }) => [generation, number]),
    [
      [1, 1],
      [2, 1],
    ],
  );
  assert.equal(receiver.received.length, 2);
  assert.equal(receiver.received[0]!.headers['webhook-id'], receiver.received[1]!.headers['webhook-id']);
});

test('workers at the same time send every event once', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver();
  const { id } = await site.endpoint(receiver.url);
  await site.deliver();
  await site.deliver();
  await site.accept(...Array.from({ length: 60 }, () => ({})));
  await eventually('all are delivered', async () => {
    const deliveries = await site.deliveries(id);
    return deliveries.length === 60 && deliveries.every(isSettled);
  });
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  assert.deepEqual([ids.length, new Set(ids).size], [60, 60]);
});

test('a delivery survives the loss of everything that Redis knew', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver(hang);
  const { id } = await site.endpoint(receiver.url);
  const settings = queueSettings.parse(site.environment);
  const worker = await site.deliver({ WEBHOOK_CONCURRENCY: '1', SHUTDOWN_SECONDS: '1' });
  await site.accept({}, {}, {});
  await eventually('one is under way, and two wait', () => receiver.received.length === 1);
  await worker.webhooks.close();
  {
    await using redis = openSharedRedis(settings, () => {});
    await eventually('Redis answers', () =>
      redis!.send('PING').then(
        () => true,
        () => false,
      ),
    );
    const keys = (await redis!.send('KEYS', `{${settings.QUEUE_PREFIX}}*`)) as string[];
    assert.ok(keys.length > 0);
    await redis!.send('DEL', ...keys);
    await using queue = await openDeliveryQueue(settings);
    assert.equal((await queue.depth()).waiting, 0);
  }
  await using recovered = await aReceiver();
  await site.superuser.prisma.webhookEndpoint.updateMany({ data: { url: recovered.url } });
  await site.superuser.prisma.webhookDelivery.updateMany({ data: { dispatchedAt: new Date(Date.now() - 120_000) } });
  await site.makeDue(id);
  await site.deliver();
  await eventually('all are delivered', async () => (await site.deliveries(id)).every(isSettled));
  assert.equal(new Set(recovered.received.map(({ headers }) => headers['webhook-id'])).size, 3);
});

for (const queue of ['Redis', 'PostgreSQL'] as const) {
  test(`with ${queue}, the attempt of a worker that says nothing more is followed by another's, whatever the queue believes`, async () => {
    await using site = await aWebhookSite({ queue });
    await using silent = await aReceiver(hang);
    const { id } = await site.endpoint(silent.url);
    await site.deliver({ WEBHOOK_TIMEOUT_MS: '60000', SHUTDOWN_SECONDS: '1' });
    await site.accept({});
    await eventually('an attempt is under way', () => silent.received.length === 1);
    await using receiver = await aReceiver();
    await site.superuser.prisma.webhookEndpoint.updateMany({ data: { url: receiver.url } });
    await site.deliver();
    await site.makeDue(id);
    await eventually('it is delivered', async () => (await site.deliveries(id)).every(isSettled));
    assert.equal(receiver.received[0]!.headers['webhook-id'], silent.received[0]!.headers['webhook-id']);
  });
}

test('receivers that hang hold up neither rendering nor the deliveries of others', async () => {
  await using site = await aWebhookSite();
  await using slow = await aReceiver(hang);
  await using quick = await aReceiver();
  await site.endpoint(slow.url);
  await site.deliver({ WEBHOOK_CONCURRENCY: '4', WEBHOOK_TIMEOUT_MS: '60000', SHUTDOWN_SECONDS: '1' });
  await site.accept(...Array.from({ length: 30 }, () => ({})));
  await eventually('the slow one has all that it may have', () => slow.received.length > 0);

  const { id } = await site.endpoint(quick.url);
  await using worker = await aWorker(site);
  await worker.consume();
  const jobs = await site.submit({});
  await site.until(jobs, 'ready');
  await eventually('the quick one has got its own', async () => (await site.deliveries(id)).some(isSettled));
  assert.equal(slow.received.length, 1, 'one of four at a time');
});

test('a job of another generation, or of a disabled endpoint, sends nothing', async () => {
  await using site = await aWebhookSite();
  await using receiver = await aReceiver();
  const { id } = await site.endpoint(receiver.url);
  const worker = await site.deliver();
  await site.accept({});
  const { delivery } = await site.delivery(id, settled);
  await site.superuser.prisma.webhookEndpoint.updateMany({ data: { enabled: false } });
  await site.superuser.prisma.webhookDelivery.updateMany({ data: { status: 'pending', nextAttemptAt: new Date() } });
  await using queue = await openDeliveryQueue(queueSettings.parse(site.environment));
  const job = { tenantId: site.tenantId, endpointId: id, deliveryId: delivery.id };
  await queue.bull.add('deliver-webhook', { ...job, generation: 1 }, { removeOnComplete: false, jobId: 'disabled' });
  await queue.bull.add('deliver-webhook', { ...job, generation: 7 }, { removeOnComplete: false, jobId: 'stale' });
  await eventually('both jobs are done', async () => (await queue.bull.getCompletedCount()) === 2);
  assert.equal(receiver.received.length, 1);
  await worker.webhooks.close();
});

test('deliveries that the queue did not take are handed to it again as soon as it is back', async () => {
  const url = new URL(testRedisUrl());
  await using proxy = await openProxy(url); // closed last: what still waits for it could not be closed
  await using site = await aWebhookSite();
  await using receiver = await aReceiver(status(200));
  const endpoint = await site.endpoint(receiver.url);
  const worker = await site.deliver({ QUEUE_URL: url.href.replace(url.host, proxy.host) });
  proxy.cut();
  await site.accept({});
  await eventually('the queue did not take it', () => worker.logged('enqueue_failed').length > 0);
  proxy.restore();
  // Sooner than what was enqueued and not tried counts as lost: that takes as long as the patience of tests.
  await site.delivery(endpoint.id, settled);
});
