/** I8: what is told of invoices, in the feed and to receivers. */
import type { Client } from '@invoicepress/client';
import type { Found } from './checks.ts';
import type { Ledger } from './ledger.ts';
import type { Site } from './site.ts';

const FEED_PAGE = 500;

/** Every event has its place, 1, 2, 3 and so on, and the API shows them in that order. */
export const checkFeed = async ({ tenants }: Site, { expect }: Ledger, { events, invoices }: Found): Promise<void> => {
  const tenantOf = new Map(invoices.map(({ id, tenant_id }) => [id, tenant_id]));
  const feeds = await Promise.all(tenants.map(({ client }) => readFeed(client)));
  for (const [tenant, own] of Map.groupBy(events, ({ invoice_id }) => tenantOf.get(invoice_id))) {
    const placed = own.toSorted((a, b) => Number(a.position) - Number(b.position));
    const complete = placed.every(({ position }, i) => Number(position) === i + 1);
    expect('I8', complete, 0, () => `the feed of ${tenant} has gaps`);
    const ids = placed.map(({ id }) => id).join();
    expect('I8', feeds.includes(ids), 0, () => `the feed that ${tenant} reads is not what its events are`);
  }
};

/** @returns the ids of all events, in order */
const readFeed = async (client: Client): Promise<string> => {
  const ids: string[] = [];
  for (let after = 0; ;) {
    const { events, next } = await client.listEvents({ after, limit: FEED_PAGE });
    if (events.length === 0) return ids.join();
    ids.push(...events.map(({ id }) => id));
    after = next;
  }
};

/** I8 at the receivers: each event arrived, at its own tenant, and again only where the sender could not know that. */
export const checkDeliveries = (
  { receiver, tenants }: Site,
  { expect, requests }: Ledger,
  { events }: Found,
  guiltlessRounds: Set<number>,
): void => {
  const owner = new Map(requests.flatMap(({ ids, tenant }) => ids.map((id) => [id, tenant])));
  const receiptsOf = Map.groupBy(receiver.receipts, ({ eventId }) => eventId);
  for (const { id, type, invoice_id } of events) {
    const receipts = receiptsOf.get(id) ?? [];
    const answered = receipts.flatMap(({ answeredInRound }) => answeredInRound ?? []);
    expect('I8', answered.length > 0, 0, () => `${type} of ${invoice_id} has never arrived`);
    const own = receipts.every(({ tenant }) => tenant === owner.get(invoice_id));
    expect('I10', own, 0, () => `${type} of ${invoice_id} was told to another tenant`);
    const first = answered[0];
    const clear = first !== undefined && guiltlessRounds.has(first);
    const what = () =>
      `${type} of ${invoice_id} arrived ${answered.length} times, though it was taken in round ${first}`;
    if (clear) expect('I8', answered.length === 1, first, what);
  }
  const known = new Set(events.map(({ id }) => id));
  for (const [id, [receipt]] of receiptsOf)
    expect('I8', known.has(id), 0, () => `${tenants[receipt?.tenant ?? 0]?.slug} was told of ${id}, which is no event`);
};
