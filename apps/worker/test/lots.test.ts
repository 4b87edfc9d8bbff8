import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLots, lotSize } from '../src/lots.ts';
import { aWorker } from './a-worker.ts';
import { aSite } from './site.ts';

/** Lots of at most three, which doubles what it is given, and what was worked on together. */
const doubling = () => {
  const together: number[][] = [];
  const lots = createLots({ most: 3, waitMs: 50 }, async (_tenantId, orders: number[]) => {
    together.push(orders);
    return orders.map((order) => 2 * order);
  });
  return { lots, together };
};

test('a lot leaves as soon as it is full, and each order gets its own outcome', async () => {
  const { lots, together } = doubling();
  using _other = lots.expect('acme');
  const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map((order) => lots.add('acme', order)));
  assert.deepEqual(outcomes, [2, 4, 6, 8, 10, 12]);
  assert.deepEqual(together, [
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

test('what comes in one turn leaves together, when nothing else is expected', async () => {
  const { lots, together } = doubling();
  await Promise.all([lots.add('acme', 1), lots.add('acme', 2)]);
  assert.deepEqual(together, [[1, 2]]);
});

test('orders wait for the one that is expected, and no longer once its place is given up', async () => {
  const { lots, together } = doubling();
  const [first, second, third] = [lots.expect('acme'), lots.expect('acme'), lots.expect('acme')];
  const waiting = [first.take(1)];
  await Promise.resolve();
  assert.deepEqual(together, []);
  waiting.push(second.take(2));
  third[Symbol.dispose]();
  assert.deepEqual(await Promise.all(waiting), [2, 4]);
  assert.deepEqual(together, [[1, 2]]);
});

test('a lot waits for those alone that were expected when it began', async () => {
  const { lots, together } = doubling();
  const first = lots.expect('acme');
  const waiting = [lots.add('acme', 1)];
  using _later = lots.expect('acme');
  waiting.push(first.take(2));
  await nextTurn();
  assert.deepEqual(together, [[1, 2]]);
  await Promise.all(waiting);
});

test('what is expected and does not come is not waited for without end', async () => {
  const { lots } = doubling();
  using _never = lots.expect('acme');
  assert.equal(await lots.add('acme', 1), 2);
});

test('no tenant waits for another, and none shares a lot', async () => {
  const { lots, together } = doubling();
  using _other = lots.expect('acme');
  const waiting = lots.add('acme', 1);
  assert.equal(await lots.add('beta', 2), 4);
  assert.deepEqual(together, [[2]]);
  await waiting;
});

test('an order that fails takes no other along, whether it has an Error or all were thrown away for it', async () => {
  for (const fail of [(error: Error) => error, (error: Error) => assert.fail(error)]) {
    const lots = createLots({ most: 3, waitMs: 50 }, async (_tenantId, orders: string[]) =>
      orders.map((order) => (order === 'poison' ? fail(new Error('it is poison')) : order)),
    );
    const outcomes = await Promise.allSettled(['a', 'poison', 'b'].map((order) => lots.add('acme', order)));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
      ['a', 'Error: it is poison', 'b'],
    );
  }
});

test('half of the invoices in hand may wait for each other, up to a bound, and a worker with one waits for none', () => {
  assert.deepEqual([1, 2, 3, 8, 256].map(lotSize), [1, 1, 1, 4, 12]);
});

test('invoices that are finished together: one that the database refuses takes no other along', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment: { WORKER_CONCURRENCY: '8' } });
  const jobs = await site.accept({ number: 'A' }, { number: 'POISON' }, { number: 'B' });
  await site.superuser.prisma.$executeRaw`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.number = 'POISON' AND NEW.status = 'ready' THEN RAISE 'refused'; END IF; RETURN NEW; END $$`;
  await site.superuser.prisma.$executeRaw`
    CREATE TRIGGER refuse BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse()`;

  const outcomes = await Promise.allSettled(jobs.map((job) => worker.attempt(job)));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  const invoices = await Promise.all(jobs.map((job) => site.invoice(job)));
  assert.deepEqual(
    invoices.map(({ number, status, documents }) => [number, status, documents.length]),
    [
      ['A', 'ready', 1],
      ['POISON', 'queued', 0],
      ['B', 'ready', 1],
    ],
  );
});

test('invoices of a lot are claimed each for itself: one that is settled or held changes nothing for the others', async () => {
  await using site = await aSite();
  await using worker = await aWorker(site, { environment: { WORKER_CONCURRENCY: '8' } });
  const [settled, held, fresh] = await site.accept({}, {}, {});
  await worker.attempt(settled!);
  await site.superuser.prisma.invoice.update({
    where: { id: held!.invoiceId },
    data: { status: 'rendering', leaseEpoch: 1, leaseExpiresAt: new Date(Date.now() + 60_000) },
  });
  const [first, second, third] = await Promise.all([settled, held, fresh].map((job) => worker.attempt(job!)));
  assert.deepEqual(first, { outcome: 'done' });
  assert.equal(second?.outcome, 'delay');
  assert.deepEqual(third, { outcome: 'done' });
  assert.equal((await site.invoice(fresh!)).status, 'ready');
  assert.equal((await site.invoice(settled!)).leaseEpoch, 1);
});
