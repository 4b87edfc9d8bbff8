/** Secrets of webhooks change while webhooks go out. */
import { createSealing, resealSecrets, rotateSecret, withTenant } from '@invoicepress/database';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { aReceiver } from './a-receiver.ts';
import { aWebhookSite } from './a-webhook-site.ts';
import { eventually } from './site.ts';

test('webhook secret and sealing key change under load, and no webhook comes that its receiver cannot verify', async () => {
  await using site = await aWebhookSite();
  const before = site.environment['WEBHOOK_SEALING_KEY'] ?? '';
  const next = randomBytes(32).toString('base64');
  let known = '';
  let verified = 0;
  const refused: unknown[] = [];
  await using receiver = await aReceiver((response, { body, headers }) => {
    try {
      new Webhook(known).verify(body, headers as Record<string, string>);
      verified += 1;
      response.writeHead(204).end();
    } catch (error) {
      refused.push(error);
      response.writeHead(401).end();
    }
  });
  const endpoint = await site.endpoint(receiver.url);
  known = endpoint.secret;
  let accepted = 0;
  const load = new AbortController();
  const someMore = async () => {
    const wanted = verified + 10;
    await eventually('webhooks go on', () => verified >= wanted || refused.length > 0 || load.signal.aborted);
  };
  const working = (async () => {
    for (; !load.signal.aborted; accepted += 2) {
      await site.accept({ number: `L-${accepted}` }, { number: `L-${accepted + 1}` });
      if (accepted > verified + 20) await someMore(); // no further ahead than that
    }
  })();
  const rotate = async (key: string): Promise<string> => {
    const rotation = { previousValidSeconds: 3_600 };
    const rotated = await withTenant(site.superuser, site.tenantId, (tx) =>
      rotateSecret(tx, createSealing(key), endpoint.id, rotation),
    );
    return rotated?.secret ?? '';
  };
  const keys = (key: string, ...further: string[]) =>
    site.deliver({ WEBHOOK_SEALING_KEY: key, WEBHOOK_SEALING_FURTHER_KEYS: further.join(',') });

  try {
    // The secret: both sign, until the receiver has the new one.
    const first = await keys(before, next);
    await someMore();
    const secret = await rotate(before);
    await someMore();
    known = secret;
    await someMore();
    // The sealing key: processes that all open with the next one are replaced by such as seal with it.
    const second = await keys(next, before);
    const last = await rotate(next);
    await someMore();
    known = last;
    await someMore();
    // Then everything is sealed anew, and the key before is given up.
    await resealSecrets(site.superuser, createSealing(next, [before]));
    await keys(next);
    await Promise.all([first.webhooks.close(), second.webhooks.close()]);
    await someMore();
  } finally {
    load.abort();
  }
  await working;

  await eventually(
    'all have come',
    async () =>
      (await site.superuser.prisma.webhookDelivery.count({ where: { status: 'pending' } })) === 0 || refused.length > 0,
  );
  assert.deepEqual(refused, []);
  assert.equal(await site.superuser.prisma.webhookAttempt.count({ where: { NOT: { statusCode: 204 } } }), 0);
  assert.equal(await site.superuser.prisma.webhookDelivery.count({ where: { status: 'delivered' } }), accepted);
});
