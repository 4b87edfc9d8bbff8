import {
  assertSchemaCompatibility,
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
  SchemaMigrationRequiredError,
} from 'bullmq';
import type { BackendFactory, PostgresPoolConfig } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import type { ChangingPassword } from './changing-password.ts';
import { asError, withDeadline } from './deadline.ts';
import { parseQueueUrl } from './queue-url.ts';
import type { Role } from './redis.ts';

/** Where BullMQ's tables live, apart from ours; their migrations are BullMQ's own. */
export const QUEUE_SCHEMA = 'bullmq';

const CONNECT_TIMEOUT_MS = 2_000;
/** Between two looks at a server that is away. */
const LOOK_PAUSE_MS = 200;
const PRODUCER_QUERY_TIMEOUT_MS = 2_000;
const WORKER_QUERY_TIMEOUT_MS = 30_000;
const POOL_SIZE = 4;
const MIGRATE_TIMEOUT_MS = 60_000;

/**
 * Seconds that a consumer waits for word of a job before it looks for itself, whatever is delayed: the connection that
 * brings the word may be dead without showing it. BullMQ's own bound is an hour here, and ten seconds with Redis.
 */
const MOST_SECONDS_BLIND = 5;

/**
 * Of what happened to jobs, a crash of the server may undo the last half second, as with Redis, and nobody waits for the
 * disk once per job: the sweeper finds what is missing, and a job that comes again finds nothing to do.
 */
const NO_WAIT_FOR_DISK = '-c synchronous_commit=off';
/** Ours, beside BullMQ's tables. Unlogged, so that the crash that undoes jobs empties it. */
const INCARNATION_TABLE = `${QUEUE_SCHEMA}.incarnation`;

export const poolConfig = (connectionString: string, role: Role, password: ChangingPassword): PostgresPoolConfig => {
  const target = parseIntoClientConfig(connectionString);
  const config: pg.PoolConfig & { schema: string } = {
    ...target,
    options: [NO_WAIT_FOR_DISK, target.options].filter(Boolean).join(' '), // the URL's own come last, and win
    password: password.current,
    schema: QUEUE_SCHEMA,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: role === 'producer' ? PRODUCER_QUERY_TIMEOUT_MS : WORKER_QUERY_TIMEOUT_MS,
    application_name: `invoicepress-queue-${role}`,
    keepAlive: true,
  };
  return config as PostgresPoolConfig; // BullMQ hands it to pg, which may ask for a password each time; its type says less
};

/**
 * BullMQ remembers its first look at the database for ever, also when it failed, so a process that starts before
 * PostgreSQL would never recover. This one looks again after every failure. It names the failures ECONNREFUSED
 * because BullMQ pauses before it retries those; it would retry others in a tight loop. When the server refuses the
 * password, whoever waits is connected with the one that it has by now.
 */
export class RecoveringConnection extends PostgresConnection {
  #ready: Promise<void> | undefined;
  readonly #password: ChangingPassword;

  constructor(config: PostgresPoolConfig, password: ChangingPassword) {
    super(config);
    this.#password = password;
    const query = this.pool.query.bind(this.pool);
    this.pool.query = async (text, params) => {
      try {
        return await this.#signedIn(() => query(text, params));
      } catch (error) {
        if (isOutage(error)) this.#ready = undefined;
        throw error;
      }
    };
    this.pool.on('error', () => {
      this.#ready = undefined;
    });
  }

  override waitUntilReady(): Promise<void> {
    this.#ready ??= this.#look().catch((error: unknown) => {
      this.#ready = undefined;
      if (this.listenerCount('error') > 0) this.emit('error', error);
      throw error;
    });
    return this.#ready;
  }

  /** Looks again for as long as the server is away. @throws what the last look met; at once when waiting is of no help */
  async reached(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    for (;;) {
      try {
        return await withDeadline(this.waitUntilReady(), until - performance.now(), 'connecting');
      } catch (error) {
        if (performance.now() + LOOK_PAUSE_MS > until || !isOutage((error as Error).cause)) throw error;
      }
      await sleep(LOOK_PAUSE_MS);
    }
  }

  /** Another after a crash of the server, and in another database. */
  async incarnation(): Promise<string> {
    await this.waitUntilReady();
    await this.pool.query(`insert into ${INCARNATION_TABLE} default values on conflict do nothing`);
    const { rows } = await this.pool.query(`select mark from ${INCARNATION_TABLE}`);
    return String(rows[0]?.['mark']);
  }

  override getListenClient(): ReturnType<PostgresConnection['getListenClient']> {
    return this.#signedIn(() => super.getListenClient());
  }

  /** Work that may open a connection; a refusal of the password means that it has not begun. */
  async #signedIn<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!this.#password.renewedAfter(error)) throw error;
      return work();
    }
  }

  async #look(): Promise<void> {
    try {
      await assertSchemaCompatibility(this.pool, this.schema);
      await this.pool.query(`select from ${INCARNATION_TABLE}`);
    } catch (error) {
      throw Object.assign(new Error(explain(error), { cause: error }), { code: 'ECONNREFUSED' });
    }
  }
}

class WatchfulBackend extends PostgresQueueBackend {
  override get maximumBlockTimeout(): number {
    return MOST_SECONDS_BLIND;
  }
}

/** Anything but an answer of the SQL itself: no SQLSTATE, or one of connection, resources, or shutdown. */
const isOutage = (error: unknown): boolean =>
  !(error instanceof SchemaMigrationRequiredError) &&
  !/^(?!08|53|57)[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code));

const explain = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  const unprepared = error instanceof SchemaMigrationRequiredError || code === '3F000' || code === '42P01';
  if (unprepared) return 'the tables of the queue are missing in PostgreSQL; run `npm run admin -- migrate-queue`';
  if (code === '42501')
    return `the database role of QUEUE_URL may not use the schema ${QUEUE_SCHEMA}; run \`npm run admin -- migrate-queue\`, which grants it`;
  return `the queue's PostgreSQL cannot be used (${asError(error).message}); check QUEUE_URL and the server`;
};

export const recoveringPostgres =
  (
    password: ChangingPassword,
    opened: (connection: RecoveringConnection) => void = () => {},
  ): BackendFactory<PostgresQueueBackend, PostgresPoolConfig> =>
  (name, opts, { withBlockingConnection } = {}) => {
    const connection = new RecoveringConnection(opts.connection, password);
    opened(connection);
    return new WatchfulBackend(connection, name, opts, true, withBlockingConnection ? name : undefined);
  };

/**
 * Brings BullMQ's tables up to date when the queue is PostgreSQL; does nothing for Redis. Safe to run from many
 * places at once: BullMQ takes an advisory lock. The role of `url` must be allowed to create the schema `bullmq`;
 * the role `grantTo`, which API and workers sign in with, may use it afterwards.
 *
 * @returns the version of the tables, or undefined for Redis.
 */
export const migrateQueue = async (
  url: string,
  { grantTo }: { grantTo?: string } = {},
): Promise<number | undefined> => {
  const target = parseQueueUrl(url);
  if (target.kind !== 'postgres') return undefined;
  const client = new pg.Client({
    connectionString: target.connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: MIGRATE_TIMEOUT_MS,
    application_name: 'invoicepress-queue-migrate',
  });
  try {
    await client.connect();
    const version = await runMigrations(client, QUEUE_SCHEMA);
    await client.query(ours + (grantTo === undefined ? '' : grants(pg.escapeIdentifier(grantTo))));
    return version;
  } finally {
    await client.end().catch(() => {});
  }
};

/**
 * What we add to BullMQ's schema, one migrator after the other. `one` keeps the mark to one row, whoever comes first.
 *
 * Until a table is first analysed, the planner takes each queue for one of two hundred, and reads all of its jobs where an
 * index has the one that is looked for; sessions keep such a plan. That a queue may be all there is keeps them off it.
 */
const ours = `
  select pg_advisory_xact_lock(hashtext('invoicepress:migrate-queue'));
  create unlogged table if not exists ${INCARNATION_TABLE} (
    one boolean primary key default true check (one), mark uuid not null default gen_random_uuid());
  do $$
  declare name text;
  begin
    for name in
      select relname from pg_attribute join pg_class on pg_class.oid = attrelid
      where attname = 'queue' and relkind = 'r' and relnamespace = '${QUEUE_SCHEMA}'::regnamespace
        and not exists (select from pg_stats where schemaname = '${QUEUE_SCHEMA}' and tablename = relname and pg_stats.attname = 'queue')
    loop
      perform pg_restore_attribute_stats('schemaname', '${QUEUE_SCHEMA}', 'relname', name, 'attname', 'queue',
        'inherited', false, 'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real);
    end loop;
  end $$;`;

/**
 * `create` is for the sequence that BullMQ makes for each queue when its first job is added. That one belongs to whoever
 * added it, so at a second migration it is neither ours to grant nor in need of it.
 */
const grants = (role: string): string => `
  grant usage, create on schema ${QUEUE_SCHEMA} to ${role};
  grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to ${role};
  grant execute on all functions in schema ${QUEUE_SCHEMA} to ${role};
  do $$
  declare own name;
  begin
    for own in select sequencename from pg_sequences where schemaname = '${QUEUE_SCHEMA}' and sequenceowner = current_user loop
      execute format('grant usage on sequence ${QUEUE_SCHEMA}.%I to %s', own, ${pg.escapeLiteral(role)});
    end loop;
  end $$`;
