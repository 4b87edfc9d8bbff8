import { createTemplate, openDatabase, settleCheck, withTenant } from '@invoicepress/database';
import { openTrialQueue } from '@invoicepress/queue';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { readConfig } from '../src/config.ts';
import { startTemplateTrials, sweepTrials } from '../src/template-trials.ts';
import { createTemplatePool } from '@invoicepress/renderers';
import { TemplatesBusy } from '../src/templates.ts';
import { aWorker } from './a-worker.ts';
import { aSite, eventually } from './site.ts';

const site = await aSite();
after(() => site[Symbol.asyncDispose]());

/** A template in its first version, as if its check had said `status`; none when it waits for its check. */
const aTemplate = (name: string, main: string, status?: 'valid' | 'invalid'): Promise<string> =>
  withTenant(site.superuser, site.tenantId, async (tx) => {
    const bundle = {
      files: [{ path: 'main.typ', content: Buffer.from(main) }],
      sha256: createHash('sha256').update(main).digest('hex'),
      sizeBytes: main.length,
    };
    const created = await createTemplate(tx, { name, description: undefined, bundle });
    assert.ok('uploaded' in created);
    if (status) await settleCheck(tx, created.uploaded.id, status, []);
    return created.uploaded.id;
  });
const statusOf = async (versionId: string): Promise<string | undefined> =>
  (await site.superuser.prisma.templateVersion.findUnique({ where: { id: versionId } }))?.status;

const endless = '#for a in range(9000) { for b in range(9000) { for c in range(9000) {} } }';

test('an invoice is laid out by the template that it is pinned to, and one that is gone fails it', async () => {
  await aTemplate('letter', '#json("invoice.json").number', 'valid');
  await using worker = await aWorker(site);
  const [mine, builtIn, lost] = await site.accept({ template: 'letter@1' }, {}, { template: 'nowhere@1' });
  for (const job of [mine!, builtIn!]) assert.deepEqual(await worker.attempt(job), { outcome: 'done' });
  const sizes = await Promise.all(
    [mine!, builtIn!].map(async (job) => (await site.invoice(job)).documents[0]!.sizeBytes),
  );
  assert.ok(sizes[0]! < sizes[1]! / 2, 'one number on a page, and a whole invoice');
  assert.equal((await worker.attempt(lost!)).outcome, 'unrecoverable');
  assert.match((await site.invoice(lost!)).failureReason ?? '', /no template nowhere@1/);
});

test('a template that takes too long is tried twice, and then fails its invoice with the remedy', async () => {
  await aTemplate('endless', endless, 'valid');
  await using worker = await aWorker(site, { environment: { TEMPLATE_TIMEOUT_MS: '1000' } });
  const [job] = await site.accept({ template: 'endless@1' });
  await assert.rejects(worker.attempt(job!), /longer than 1000 ms/);
  assert.equal((await site.invoice(job!)).status, 'queued');
  assert.equal((await worker.attempt(job!, { attempt: 2 })).outcome, 'unrecoverable');
  const { status, failureCode, failureRemedy } = await site.invoice(job!);
  assert.deepEqual([status, failureCode], ['failed', 'template-error']);
  assert.match(failureRemedy ?? '', /activate the new version/);
});

test('with their share in hand, invoices of templates wait without an attempt, and others do not wait', async () => {
  await aTemplate('slow-too', `${endless}\n`, 'valid');
  await using worker = await aWorker(site, {
    environment: { TEMPLATE_TIMEOUT_MS: '4000', WORKER_CONCURRENCY: '2', TEMPLATE_RENDERER_POOL_SIZE: '1' },
  });
  const [first, second, other] = await site.accept({ template: 'slow-too@1' }, { template: 'slow-too@1' }, {});
  const slow = worker.attempt(first!).catch((error: unknown) => error);
  await eventually('it is in hand', async () => (await site.invoice(first!)).status === 'rendering');
  let waited = await worker.attempt(second!);
  assert.deepEqual(waited, {
    outcome: 'delay',
    ms: 300,
    reason: new TemplatesBusy('the renderers of templates are busy').message,
  });
  const { status, attempts } = await site.invoice(second!);
  assert.deepEqual([status, attempts], ['queued', 0]);
  assert.deepEqual(await worker.attempt(other!), { outcome: 'done' });
  await slow;
  waited = await worker.attempt(second!).catch(() => ({ outcome: 'done' as const }));
  assert.equal(waited.outcome, 'done', 'its turn came');
});

test('a check whose job was lost is found and made; one that waits in the queue is left alone', async () => {
  const versionId = await aTemplate('forgotten', 'A');
  await using parts = new AsyncDisposableStack();
  const config = readConfig(site.environment);
  const queue = parts.use(await openTrialQueue(config));
  const sweeperDatabase = parts.use(
    openDatabase({ ...config, DATABASE_URL: config.SWEEPER_DATABASE_URL }, { applicationName: 'sweeper' }),
  );
  const { context } = parts.use(await aWorker(site));
  for (let round = 0; round < 2; round += 1) {
    await sweepTrials({ database: sweeperDatabase, queue, telemetry: context.telemetry }, 0);
    assert.equal((await queue.depth()).waiting, 1);
  }
  const pool = parts.use(createTemplatePool(config));
  parts.use(await startTemplateTrials({ ...context, config, sweeperDatabase, pool }));
  await eventually('there is a verdict', async () => (await statusOf(versionId)) === 'valid');
});
