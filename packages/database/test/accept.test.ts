import { aDraft } from '@invoicepress/invoice/testing';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createNumberSeries, findInvoice, withTenant, type Acceptance } from '../src/index.ts';
import { accept, startDatabase } from './start-database.ts';

const roles = await startDatabase();
after(() => roles[Symbol.asyncDispose]());

test('what acceptance returns is what is stored', async () => {
  const tenant = await roles.tenant();
  const [outcome] = await accept(roles.api, tenant, [
    aDraft({ externalId: 'order-1', metadata: { b: 1, a: ['ä', null] } }),
  ]);
  assert.ok(outcome && 'accepted' in outcome);
  assert.deepEqual(
    await withTenant(roles.api, tenant.id, (tx) => findInvoice(tx, outcome.accepted.id)),
    outcome.accepted,
  );
});

const isAccepted = (outcome: Acceptance) => 'accepted' in outcome;

test('a batch that was accepted before is refused, each invoice with the id of its twin', async () => {
  const tenant = await roles.tenant();
  const drafts = Array.from({ length: 1_000 }, (_, i) =>
    aDraft({ number: `R-${i}`, ...(i % 2 === 0 && { externalId: `order-${i}` }) }),
  );
  const first = await accept(roles.api, tenant, drafts);
  assert.ok(first.every(isAccepted));
  const again = await accept(roles.api, tenant, drafts);
  for (const [i, outcome] of again.entries()) {
    const twin: Acceptance | undefined = first[i];
    assert.ok(twin && 'accepted' in twin);
    const expected =
      i % 2 === 0 ? { refused: 'externalId', value: `order-${i}` } : { refused: 'number', value: `R-${i}` };
    assert.deepEqual(outcome, { ...expected, existingId: twin.accepted.id });
  }
});

test('a refusal names the invoice of the same batch that came first', async () => {
  const tenant = await roles.tenant();
  await withTenant(roles.api, tenant.id, (tx) =>
    createNumberSeries(tx, { name: 'sales', prefix: 'S-', padding: 3, yearlyReset: false }),
  );
  const draft = aDraft({ series: 'sales', externalId: 'order-1' });
  const [first, second] = await accept(roles.api, tenant, [draft, draft]);
  assert.ok(first && 'accepted' in first);
  assert.equal(first.accepted.number, 'S-001');
  assert.deepEqual(second, { refused: 'externalId', value: 'order-1', existingId: first.accepted.id });
});

test('two series that write the same numbers share them', async () => {
  const tenant = await roles.tenant();
  for (const name of ['a', 'b'])
    await withTenant(roles.api, tenant.id, (tx) =>
      createNumberSeries(tx, { name, prefix: 'N', padding: 0, yearlyReset: false }),
    );
  const drafts = Array.from({ length: 6 }, (_, i) => aDraft({ series: i % 2 === 0 ? 'a' : 'b' }));
  const outcomes = [
    ...(await accept(roles.api, tenant, drafts)),
    ...(await accept(roles.api, tenant, drafts.toReversed())),
  ];
  const numbers = outcomes.map((outcome) => 'accepted' in outcome && outcome.accepted.number);
  assert.deepEqual(new Set(numbers), new Set(Array.from({ length: 12 }, (_, i) => `N${i + 1}`)));
});

for (const [name, one, other] of [
  ['numbers', [aDraft({ number: '1' }), aDraft({ number: '2' })], [aDraft({ number: '2' }), aDraft({ number: '1' })]],
  [
    'externalIds',
    [aDraft({ number: '1', externalId: 'a' }), aDraft({ number: '2', externalId: 'b' })],
    [aDraft({ number: '3', externalId: 'b' }), aDraft({ number: '4', externalId: 'a' })],
  ],
] as const) {
  test(`batches that meet in the same ${name} in opposite orders both end, and each invoice is accepted once`, async () => {
    await using slow = await startDatabase();
    const tenant = await slow.tenant();
    // Every row takes a while, so that both batches hold one when they want the other's.
    await slow.superuser.prisma.$executeRaw`
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END'`;
    await slow.superuser.prisma
      .$executeRaw`CREATE TRIGGER dawdle AFTER INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION dawdle()`;
    await slow.superuser.prisma
      .$executeRaw`CREATE TRIGGER before_dawdle BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION dawdle()`;
    const outcomes = (
      await Promise.all([accept(slow.api, tenant, [...one]), accept(slow.api, tenant, [...other])])
    ).flat();
    assert.deepEqual(outcomes.filter(isAccepted).length, 2);
    assert.deepEqual(outcomes.filter((outcome) => 'refused' in outcome).length, 2);
  });
}
