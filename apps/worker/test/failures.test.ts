import { retryInvoice, withTenant } from '@invoicepress/database';
import { aLine } from '@invoicepress/invoice/testing';
import { enqueueRender, renderInvoice, type RenderInvoice } from '@invoicepress/queue';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RenderCrashed, RenderTimeout } from '@invoicepress/renderers';
import { aWorker } from './a-worker.ts';
import { gone, renderersOf } from './processes.ts';
import { openProxy } from './proxy.ts';
import { aSite, eventually, type Site } from './site.ts';

const manyLines = (count: number) => ({
  lines: Array.from({ length: count }, (_, i) => aLine({ name: `Item ${i + 1}` })),
});

const attemptsMade = async (site: Site, job: RenderInvoice): Promise<number | undefined> =>
  (await site.queue.bull.getJob(renderInvoice.id(job)))?.attemptsMade;

test('an invoice that no font can print fails at once, with the reason and the remedy', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  await worker.consume();
  const [job] = await site.submit({ notes: ['Hieroglyph: \u{13000}'] });
  await site.until([job!], 'failed');

  const { failureCode, failureReason, failureRemedy, documents, leaseExpiresAt } = await site.invoice(job!);
  assert.equal(failureCode, 'template-error');
  assert.match(failureReason!, /U\+13000.*notes\[0\]/);
  assert.match(failureRemedy!, /Replace or remove the character/);
  assert.deepEqual([documents, leaseExpiresAt], [[], null]);
  await eventually('the queue is done with the job', async () => (await site.queue.presence([job!]))[0] === 'finished');
  assert.equal(await attemptsMade(site, job!), 1);
  assert.deepEqual(worker.logged('render_retried'), []);
  assert.equal(worker.logged('invoice_failed').length, 1);
});

test('an invoice whose renderer is killed is typeset again by a fresh one', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  await worker.consume();
  const [warmUp] = await site.submit({});
  await site.until([warmUp!], 'ready');
  const [renderer] = await renderersOf(process.pid);
  process.kill(renderer!, 'SIGSTOP'); // so that it is sure to be at work when it dies
  const [job] = await site.submit({});
  await eventually('the renderer is at work', () => worker.context.renderers.stats().busy === 1);
  assert.equal((await site.invoice(job!)).status, 'rendering');
  process.kill(renderer!, 'SIGKILL');

  await site.until([job!], 'ready');
  const [retried] = worker.logged('render_retried');
  assert.deepEqual([retried!['invoiceId'], retried!['attempt']], [job!.invoiceId, 1]);
  assert.deepEqual(
    worker.logged('renderer_replaced').map(({ reason }) => reason),
    ['crash'],
  );
});

test('a renderer that overruns is killed every time, until the invoice has failed with what to do', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment: { RENDER_TIMEOUT_MS: '100' } });
  await worker.consume();
  const [job] = await site.submit(manyLines(2_000));
  await eventually('it has failed', async () => {
    await site.queue.bull.promoteJobs(); // the waits between the attempts are the queue's own affair
    return (await site.invoice(job!)).status === 'failed';
  });

  const { failureCode, failureReason, failureRemedy } = await site.invoice(job!);
  assert.equal(failureCode, 'render-timeout');
  assert.match(failureReason!, /longer than 100 ms/);
  assert.match(failureRemedy!, /Split the invoice.*RENDER_TIMEOUT_MS.*retry/);
  const attempts = renderInvoice.options.attempts;
  assert.equal(await attemptsMade(site, job!), attempts);
  assert.equal(worker.logged('render_retried').length, attempts - 1);
  assert.deepEqual(
    worker.logged('renderer_replaced').map(({ reason }) => reason),
    Array.from({ length: attempts }, () => 'timeout'),
  );
});

test('between two attempts the invoice is queued, and a timeout or a crash is what the queue hears of', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment: { RENDER_TIMEOUT_MS: '100' } });
  const [job] = await site.accept({});
  await assert.rejects(worker.attempt(job!), RenderTimeout);
  const { status, leaseExpiresAt, failureCode } = await site.invoice(job!);
  assert.deepEqual(
    { status, leaseExpiresAt, failureCode },
    { status: 'queued', leaseExpiresAt: null, failureCode: null },
  );
});

test('a renderer that takes too much memory is killed, and the last attempt says so', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment: { RENDERER_MAX_MB: '200' } });
  const [job] = await site.accept(manyLines(2_000));
  await assert.rejects(
    worker.attempt(job!),
    (error) => error instanceof RenderCrashed && /more than 200 MB/.test(error.message),
  );
  assert.equal((await site.invoice(job!)).status, 'queued');
  assert.equal((await worker.attempt(job!, { lastAttempt: true })).outcome, 'unrecoverable');
  const { failureCode, failureReason } = await site.invoice(job!);
  assert.deepEqual([failureCode, failureReason], ['render-crashed', 'the renderer took more than 200 MB']);
});

for (const outage of ['cut', 'hang'] as const) {
  test(`an outage of storage (${outage}) costs no attempt, and the invoice is ready once it is over`, async () => {
    await using site = await aSite({ storage: 'S3' });
    const url = new URL(site.environment['STORAGE_URL']!);
    await using proxy = await openProxy(new URL(url.searchParams.get('endpoint')!));
    url.searchParams.set('endpoint', `http://${proxy.host}`);
    await using worker = await aWorker(site, {
      environment: { STORAGE_URL: url.href, STORAGE_TIMEOUT_MS: '1000', STORAGE_BREAKER_RESET_MS: '200' },
    });
    await worker.consume();
    proxy[outage]();
    const [job] = await site.submit({});
    await eventually('it was put off', async () => (await site.queue.depth()).delayed === 1);
    assert.equal((await site.invoice(job!)).status, 'queued');
    assert.equal(await attemptsMade(site, job!), 0);

    await eventually('the breaker is open', async () => {
      await site.queue.bull.promoteJobs();
      return worker.logged('breaker_changed').length > 0;
    });
    proxy.restore();
    await eventually('it is ready', async () => {
      await site.queue.bull.promoteJobs();
      return (await site.invoice(job!)).status === 'ready';
    });
    assert.deepEqual(worker.logged('render_retried'), []);
  });
}

test('even in its last attempt an invoice does not fail because storage is away', async () => {
  await using site = await aSite({ storage: 'S3' });
  const nobody = `endpoint=${encodeURIComponent('http://127.0.0.1:9')}`;
  const away = {
    STORAGE_URL: `s3://bucket?region=us-east-1&forcePathStyle=true&${nobody}`,
    STORAGE_BREAKER_MINIMUM_CALLS: '2',
  };
  await using worker = await aWorker(site, { environment: away });
  const [job] = await site.accept({});
  for (let i = 0; i < 3; i += 1) {
    assert.equal((await worker.attempt(job!, { lastAttempt: true })).outcome, 'delay');
    assert.equal((await site.invoice(job!)).status, 'queued');
  }
  assert.deepEqual(
    worker.logged('breaker_changed').map(({ state }) => state),
    ['open'],
  );
});

test('a quota of storage that is used up costs no attempt either', async () => {
  await using site = await aSite({ storage: 'S3' });
  const url = new URL(site.environment['STORAGE_URL']!);
  await using proxy = await openProxy(new URL(url.searchParams.get('endpoint')!));
  url.searchParams.set('endpoint', `http://${proxy.host}`);
  const oneAtATime = { STORAGE_CONCURRENT_REQUESTS: '1', STORAGE_MAX_WAIT_MS: '50', STORAGE_TIMEOUT_MS: '60000' };
  await using worker = await aWorker(site, { environment: { STORAGE_URL: url.href, ...oneAtATime } });
  const [job] = await site.accept({});
  proxy.hang();
  const holder = worker.context.storage.ready();
  const outcome = await worker.attempt(job!, { lastAttempt: true });
  assert.deepEqual(outcome, { outcome: 'delay', ms: 50, reason: 'storage is away' });
  const { status, attempts } = await site.invoice(job!);
  assert.deepEqual([status, attempts], ['queued', 0]);
  proxy.restore();
  await holder.catch(() => {});
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
});

test('an outage of the database costs no attempt, and the invoice is ready once it is over', async () => {
  await using site = await aSite();
  const url = new URL(site.environment['DATABASE_URL']!);
  await using proxy = await openProxy(url);
  url.host = proxy.host;
  await using worker = await aWorker(site, { environment: { DATABASE_URL: url.href } });
  const [job] = await site.accept({});
  proxy.cut();
  const outcome = await worker.attempt(job!);
  assert.equal(outcome.outcome, 'delay');
  proxy.restore();
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });
  assert.equal((await site.invoice(job!)).status, 'ready');
});

test('a database that goes away while an invoice is typeset is waited for', async () => {
  await using site = await aSite();
  const url = new URL(site.environment['DATABASE_URL']!);
  await using proxy = await openProxy(url);
  url.host = proxy.host;
  const beforeRender = async () => proxy.cut();
  await using worker = await aWorker(site, { environment: { DATABASE_URL: url.href }, beforeRender });
  const [job] = await site.accept({});
  assert.equal((await worker.attempt(job!, { lastAttempt: true })).outcome, 'delay');
  assert.equal((await site.invoice(job!)).status, 'rendering'); // until its lease is over
});

test('a failed invoice is ready after a retry, under a new generation', async () => {
  await using site = await aSite();
  const [job] = await site.accept({});
  {
    await using broken = await aWorker(site, { environment: { RENDER_TIMEOUT_MS: '100' } });
    await broken.attempt(job!, { lastAttempt: true });
    assert.equal((await site.invoice(job!)).status, 'failed');
  }
  await using worker = await aWorker(site);
  await worker.consume();
  const retried = await withTenant(site.superuser, site.tenantId, (tx) => retryInvoice(tx, job!.invoiceId));
  assert.equal(retried!.generation, job!.generation + 1);
  await enqueueRender(site.queue, [{ ...job!, generation: retried!.generation }]);
  await site.until([job!], 'ready');
  const { failureCode, failureReason, failureRemedy, documents } = await site.invoice(job!);
  assert.deepEqual(
    { failureCode, failureReason, failureRemedy, documents: documents.length },
    { failureCode: null, failureReason: null, failureRemedy: null, documents: 1 },
  );
});

test('a last attempt that is cut short, as by a shutdown, is not held against the invoice', async () => {
  await using site = await aSite();
  const stop = new AbortController();
  await using worker = await aWorker(site, { beforeRender: async () => stop.abort() });
  const [job] = await site.accept({});
  await assert.rejects(worker.attempt(job!, { lastAttempt: true, signal: stop.signal }));
  assert.equal((await site.invoice(job!)).status, 'queued');
});

test('no renderer outlives its worker', async () => {
  await using site = await aSite();
  let renderers: number[];
  {
    await using worker = await aWorker(site);
    const [job] = await site.accept({});
    await worker.attempt(job!);
    renderers = await renderersOf(process.pid);
    assert.equal(renderers.length, 1);
  }
  await Promise.all(renderers.map(gone));
});
