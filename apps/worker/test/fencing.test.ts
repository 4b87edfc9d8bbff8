import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWorker } from './a-worker.ts';
import { aSite, type Site } from './site.ts';

/** What the sweeper does to a worker that it takes for dead. */
const takeLeaseAway = async (site: Site): Promise<void> => {
  await site.superuser.prisma.invoice.updateMany({
    data: { status: 'queued', leaseEpoch: { increment: 1 }, leaseExpiresAt: null },
  });
};

const letLeaseExpire = async (site: Site): Promise<void> => {
  await site.superuser.prisma.invoice.updateMany({ data: { leaseExpiresAt: new Date(Date.now() - 60_000) } });
};

test('a worker that lost its lease while it typeset writes nothing', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { beforeRender: () => takeLeaseAway(site) });
  const [job] = await site.accept({});
  assert.deepEqual(await worker.attempt(job!), { outcome: 'done' });

  const invoice = await site.invoice(job!);
  assert.deepEqual(
    { status: invoice.status, epoch: invoice.leaseEpoch, documents: invoice.documents },
    { status: 'queued', epoch: 2, documents: [] },
  );
  assert.deepEqual(
    worker.logged('lease_lost').map(({ invoiceId }) => invoiceId),
    [job!.invoiceId],
  );
  assert.deepEqual(worker.logged('invoice_ready'), []);
});

for (const [attempt, lastAttempt] of [
  ['an attempt that will be repeated', false],
  ['the last attempt', true],
] as const) {
  test(`a worker that lost its lease and then failed in ${attempt} writes nothing either`, async () => {
    await using site = await aSite();
    const beforeRender = async () => {
      await takeLeaseAway(site);
      throw new Error('something broke');
    };
    await using worker = await aWorker(site, { beforeRender });
    const [job] = await site.accept({});
    assert.deepEqual(await worker.attempt(job!, { lastAttempt }), { outcome: 'done' });
    const { status, failureCode, leaseEpoch } = await site.invoice(job!);
    assert.deepEqual({ status, failureCode, leaseEpoch }, { status: 'queued', failureCode: null, leaseEpoch: 2 });
    assert.equal(worker.logged('lease_lost').length, 1);
  });
}

test('a worker that overslept its lease changes nothing about what another has finished', async () => {
  await using site = await aSite();
  await using punctual = await aWorker(site);
  const [job] = await site.accept({});
  const beforeRender = async () => {
    await letLeaseExpire(site);
    assert.deepEqual(await punctual.attempt(job!), { outcome: 'done' });
  };
  await using late = await aWorker(site, { beforeRender });
  await late.attempt(job!);

  const invoice = await site.invoice(job!);
  assert.equal(invoice.status, 'ready');
  assert.equal(invoice.documents.length, 1);
  assert.deepEqual([punctual.logged('invoice_ready').length, late.logged('invoice_ready').length], [1, 0]);
  assert.equal(late.logged('lease_lost').length, 1);
});

test('of two workers with the same job one claims it, and the other comes back when the lease may be over', async () => {
  await using site = await aSite();
  await using second = await aWorker(site);
  const [job] = await site.accept({});
  const outcomes: unknown[] = [];
  await using first = await aWorker(site, {
    environment: { LEASE_MS: '600000' },
    beforeRender: async () => void outcomes.push(await second.attempt(job!)),
  });
  assert.deepEqual(await first.attempt(job!), { outcome: 'done' });

  const [outcome] = outcomes as { outcome: string; ms: number; reason: string }[];
  assert.equal(outcome!.outcome, 'delay');
  assert.match(outcome!.reason, /another worker holds the lease/);
  assert.ok(outcome!.ms > 0 && outcome!.ms <= 601_000, `waits for ${outcome!.ms} ms`);
  assert.equal((await site.invoice(job!)).status, 'ready');
});

test('ten attempts at one invoice at the same moment make one document', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site);
  const [job] = await site.accept({});
  await Promise.all(Array.from({ length: 10 }, () => worker.attempt(job!)));
  const invoice = await site.invoice(job!);
  assert.deepEqual(
    { status: invoice.status, documents: invoice.documents.length, epoch: invoice.leaseEpoch },
    { status: 'ready', documents: 1, epoch: 1 },
  );
  assert.equal(worker.logged('invoice_ready').length, 1);
});
