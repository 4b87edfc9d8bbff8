import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorker } from './a-worker-process.ts';
import { gone, renderersOf } from './processes.ts';
import { aSite, eventually } from './site.ts';

test('a worker with bad settings ends with 1 and names every faulty variable at once, and no secret', async () => {
  await using worker = startWorker({
    DATABASE_URL: 'mysql://root:hunter2@127.0.0.1/invoices',
    QUEUE_URL: 'amqp://guest:hunter2@127.0.0.1',
    STORAGE_URL: 'ftp://hunter2@127.0.0.1',
    RENDERER_POOL_SIZE: 'many',
    RENDER_TIMEOUT_MS: '1',
    SHUTDOWN_SECONDS: '-1',
    WEBHOOK_SEALING_KEY: 'hunter2',
    WEBHOOK_CONCURRENCY: '0',
    METRICS_PORT: '70000',
    LOG_LEVEL: 'shouting',
  });
  assert.equal(await worker.exited, 'code 1');
  const faulty = [
    'DATABASE_URL',
    'SWEEPER_DATABASE_URL',
    'QUEUE_URL',
    'STORAGE_URL',
    'RENDERER_POOL_SIZE',
    'RENDER_TIMEOUT_MS',
    'SHUTDOWN_SECONDS',
    'WEBHOOK_SEALING_KEY',
    'WEBHOOK_CONCURRENCY',
    'METRICS_PORT',
    'LOG_LEVEL',
  ];
  for (const name of faulty) assert.match(worker.stderr(), new RegExp(`^  ${name}\\b`, 'm'));
  assert.match(worker.stderr(), /^11 setting\(s\) are wrong/);
  assert.doesNotMatch(worker.stderr(), /hunter2/);
});

test('a worker whose settings fit one by one but not together says which', async () => {
  await using site = await aSite({ storage: 'S3' });
  await using worker = startWorker({ ...site.environment, S3_SECRET_ACCESS_KEY: '' });
  assert.equal(await worker.exited, 'code 1');
  assert.match(worker.stderr(), /^S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together/);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`a worker that gets ${signal} finishes what it has in hand and ends with 0`, async () => {
    await using site = await aSite({ queue: 'Redis', storage: 'S3' });
    await using worker = startWorker(site.environment);
    await worker.started();
    await site.submit(...Array.from({ length: 100 }, () => ({})));
    await eventually('it is at work', async () => ((await site.counts()).ready ?? 0) > 0);
    worker.kill(signal);
    assert.equal(await worker.exited, 'code 0');

    const counts = await site.counts();
    assert.ok((counts.queued ?? 0) > 0, 'it did not take everything that was waiting');
    assert.deepEqual(Object.keys(counts).toSorted(), ['queued', 'ready']);
    assert.equal(worker.logged('invoice_ready').length, counts.ready);
    assert.deepEqual([worker.logged('render_retried'), worker.logged('invoice_failed')], [[], []]);
    assert.equal(worker.stderr(), '');
  });
}

test('a worker that cannot finish in time gives its invoices back and ends with 0 all the same', async () => {
  await using site = await aSite({ queue: 'PostgreSQL' });
  await using worker = startWorker({ ...site.environment, SHUTDOWN_SECONDS: '1' });
  await worker.started();
  const [warmUp] = await site.submit({});
  await site.until([warmUp!], 'ready');
  const renderers = await renderersOf(worker.pid);
  for (const renderer of renderers) process.kill(renderer, 'SIGSTOP');
  const jobs = await site.submit({}, {});
  await site.until(jobs, 'rendering');
  worker.kill('SIGTERM');
  assert.equal(await worker.exited, 'code 0');

  assert.deepEqual(await site.counts(), { ready: 1, queued: 2 });
  assert.deepEqual(await site.queue.presence(jobs), ['delayed', 'delayed']);
  await Promise.all(renderers.map(gone));
  await using next = startWorker(site.environment);
  await site.until(jobs, 'ready');
  await next.started();
});

for (const queue of ['Redis', 'PostgreSQL'] as const) {
  test(`with ${queue}, what a worker had in hand when it was killed is finished by another`, async () => {
    await using site = await aSite({ queue });
    const short = {
      WORKER_CONCURRENCY: '1',
      RENDER_TIMEOUT_MS: '20000',
      STORAGE_TIMEOUT_MS: '2000',
      LEASE_MS: '4000',
      SWEEP_INTERVAL_MS: '200',
      SWEEP_OVERDUE_MS: '1000',
    };
    await using victim = startWorker({ ...site.environment, ...short });
    await victim.started();
    const [warmUp] = await site.submit({});
    await site.until([warmUp!], 'ready');
    const renderers = await renderersOf(victim.pid);
    for (const renderer of renderers) process.kill(renderer, 'SIGSTOP');
    const jobs = await site.submit({});
    await site.until(jobs, 'rendering');
    victim.kill('SIGKILL');
    for (const renderer of renderers) process.kill(renderer, 'SIGCONT');
    await Promise.all(renderers.map(gone)); // by themselves, for their worker is gone

    await using heir = startWorker({ ...site.environment, ...short });
    await site.until(jobs, 'ready');
    await eventually('the heir has told of it', () => heir.logged('invoice_ready').length > 0);
    const made = heir.logged('invoice_ready').map(({ invoiceId }) => invoiceId);
    assert.deepEqual(made, [jobs[0]!.invoiceId]);
    assert.equal((await site.invoice(jobs[0]!)).documents.length, 1);
  });
}
