import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { aWorker } from './a-worker.ts';
import { renderersOf } from './processes.ts';
import { openProxy } from './proxy.ts';
import { aSite, eventually } from './site.ts';

const LEASE_MS = 1_000;
const short = { LEASE_MS: String(LEASE_MS), RENDER_TIMEOUT_MS: '60000' };

test('a render that takes longer than a lease keeps it, for the worker extends it', async () => {
  await using site = await aSite();
  const beforeRender = () => sleep(3 * LEASE_MS);
  await using worker = await aWorker(site, { environment: short, beforeRender });
  await using other = await aWorker(site, { environment: short });
  const [job] = await site.accept({});
  const attempt = worker.attempt(job!);
  await eventually('it renders', async () => (await site.invoice(job!)).status === 'rendering');
  let looks = 0;
  while ((await site.invoice(job!)).status === 'rendering') {
    await other.attempt(job!);
    looks += 1;
    await sleep(LEASE_MS / 10);
  }
  assert.deepEqual(await attempt, { outcome: 'done' });
  const { status, leaseEpoch } = await site.invoice(job!);
  assert.deepEqual([status, leaseEpoch], ['ready', 1]);
  assert.ok(looks > 10, `looked ${looks} times`);
});

test('a worker that loses its lease while a renderer is at work kills the renderer and stores nothing', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment: short });
  const [warmUp] = await site.accept({});
  await worker.attempt(warmUp!);
  const [renderer] = await renderersOf(process.pid);
  process.kill(renderer!, 'SIGSTOP'); // a render without end
  const [job] = await site.accept({});
  const attempt = worker.attempt(job!);
  await eventually('it renders', async () => (await site.invoice(job!)).status === 'rendering');
  await site.superuser.prisma.$executeRaw`
    UPDATE invoice SET status = 'queued', lease_epoch = lease_epoch + 1, lease_expires_at = NULL WHERE id = ${job!.invoiceId}::uuid`;

  assert.deepEqual(await attempt, { outcome: 'done' });
  assert.equal(worker.logged('lease_lost').length, 1);
  const { status, documents } = await site.invoice(job!);
  assert.deepEqual([status, documents], ['queued', []]);
  assert.deepEqual(
    worker.logged('renderer_replaced').map(({ reason }) => reason),
    ['crash'],
  );
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  assert.equal((await site.invoice(job!)).status, 'ready');
});

test('a worker whose database stays silent gives up before its lease can have ended', async () => {
  await using site = await aSite();
  await using proxy = await openProxy(new URL(site.environment['DATABASE_URL']!));
  const url = new URL(site.environment['DATABASE_URL']!);
  url.host = proxy.host;
  await using worker = await aWorker(site, { environment: { ...short, DATABASE_URL: url.href } });
  const [warmUp] = await site.accept({});
  await worker.attempt(warmUp!);
  const [renderer] = await renderersOf(process.pid);
  process.kill(renderer!, 'SIGSTOP');
  const [job] = await site.accept({});
  const attempt = worker.attempt(job!);
  await eventually('it renders', async () => (await site.invoice(job!)).status === 'rendering');
  proxy.cut();

  const outcome = await attempt;
  assert.deepEqual([outcome.outcome, outcome.outcome === 'delay' && outcome.reason], ['delay', 'the database is away']);
  proxy.restore();
  const { status, documents } = await site.invoice(job!);
  assert.deepEqual([status, documents], ['rendering', []]);
});

test('an invoice whose workers die of it fails after ten of them, and stalls nothing else', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [poison, other] = await site.accept({}, {});
  // Ten workers claimed it and were never heard of again.
  await site.superuser.prisma.$executeRaw`UPDATE invoice SET attempts = 10 WHERE id = ${poison!.invoiceId}::uuid`;
  const outcome = await worker.attempt(poison!);
  assert.equal(outcome.outcome, 'unrecoverable');
  const { status, failureCode, failureRemedy } = await site.invoice(poison!);
  assert.deepEqual([status, failureCode], ['failed', 'attempts-exhausted']);
  assert.match(failureRemedy!, /Split the invoice/);
  assert.deepEqual(await worker.attempt(other!), { outcome: 'done' });
  assert.equal((await site.invoice(other!)).status, 'ready');
});

test('an outage of storage counts as nobody’s attempt', async () => {
  await using site = await aSite({ storage: 'S3' });
  const nobody = `endpoint=${encodeURIComponent('http://127.0.0.1:9')}`;
  const away = { STORAGE_URL: `s3://bucket?region=us-east-1&forcePathStyle=true&${nobody}` };
  await using worker = await aWorker(site, { environment: away });
  const [job] = await site.accept({});
  for (let i = 0; i < 3; i += 1) assert.equal((await worker.attempt(job!)).outcome, 'delay');
  assert.equal((await site.invoice(job!)).attempts, 0);
});
