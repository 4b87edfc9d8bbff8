import type { Failure, InvoiceStatus } from '@invoicepress/invoice';
import { Prisma } from './generated/client.ts';
import type { Database } from './open-database.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** One transition of an invoice, as the trigger of its transaction told it. */
export interface EventRecord {
  id: string;
  /** In its tenant's feed: 1, 2, 3 and so on. */
  position: number;
  type: string;
  createdAt: Date;
  /** As the transition left it. */
  data: {
    id: string;
    number: string;
    externalId?: string;
    status: InvoiceStatus;
    generation: number;
    failure?: Failure;
  };
}

/** As everybody outside sees it, in the feed and in webhooks alike. */
export const toPublicEvent = ({ id, position, type, createdAt, data }: EventRecord) => ({
  id,
  position,
  type,
  createdAt: createdAt.toISOString(),
  invoice: data,
});

export interface EventPage {
  events: EventRecord[];
  /** Where the next page begins: no event up to here is missing from the pages so far. */
  next: number;
  /** The position of the feed's last event, 0 when there is none. */
  end: number;
}

/** Positions that one page looks at, so that a filter which finds little costs little. */
const WINDOW = 10_000;

/** Placed events after a position, in the order of the feed; of these types alone, where some are named. One query. */
export const listEvents = async (
  tx: TenantTransaction,
  { after, limit, types }: { after: number; limit: number; types?: readonly string[] | undefined },
): Promise<EventPage> => {
  const ofTypes = types ? Prisma.sql`AND type = ANY(${[...types]})` : Prisma.empty;
  const rows = await tx.db.$queryRaw<(Row | Nothing)[]>`
    SELECT feed.last_position, event.*
    FROM (SELECT coalesce(max(position), 0) AS last_position FROM event WHERE tenant_id = app_tenant()) feed
    LEFT JOIN LATERAL (
      SELECT id, position, type, created_at, data FROM event
      WHERE tenant_id = app_tenant() AND position > ${after} AND position <= ${after + WINDOW} ${ofTypes}
      ORDER BY position LIMIT ${limit}
    ) event ON true
    ORDER BY event.position`;
  const end = Number(rows[0]?.last_position ?? 0);
  const events = rows.filter((row) => row.id !== null).map(toEvent);
  const looked = Math.max(after, Math.min(end, after + WINDOW));
  return { events, end, next: events.length < limit ? looked : (events.at(-1)?.position ?? looked) };
};

/** The position of the last event so far, 0 when there is none. */
export const endOfEvents = async (tx: TenantTransaction): Promise<number> => {
  const { _max } = await tx.db.event.aggregate({ _max: { position: true }, where: { tenantId: tx.tenantId } });
  return Number(_max.position ?? 0);
};

interface Row {
  last_position: bigint;
  id: string;
  position: bigint;
  type: string;
  created_at: Date;
  data: EventRecord['data'];
}
type Nothing = { last_position: bigint } & Record<Exclude<keyof Row, 'last_position'>, null>;

const toEvent = ({ id, position, type, created_at, data }: Row): EventRecord => ({
  id,
  position: Number(position),
  type,
  createdAt: created_at,
  data,
});

/**
 * Gives up to `batch` events of all tenants their places, and starts their deliveries. While another caller is at it,
 * there is nothing to do. Needs the sweeper's role.
 * @returns how many were placed
 */
export const placeEvents = async (database: Database, batch: number): Promise<number> => {
  const [row] = await database.prisma.$queryRaw<{ placed: number }[]>`SELECT place_events(${batch}::integer) AS placed`;
  return row?.placed ?? 0;
};
