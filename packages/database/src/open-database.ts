import { PrismaPg } from '@prisma/adapter-pg';
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { Pool, type PoolConfig } from 'pg';
import { Contended, errorCodes } from './contention.ts';
import { Prisma, PrismaClient } from './generated/client.ts';
import { createPayloadKeys, type PayloadKeys } from './payload-keys.ts';
import { rotatingPool } from './rotating-pool.ts';
import type { DatabaseSettings, PayloadSettings } from './settings.ts';

/**
 * Prisma compiles queries in WebAssembly, of which V8 (13.6, of Node 24) may free code that it has freed already, and then
 * ends the process ("Check failed: jit_page_->allocations_.erase(addr) == 1", https://github.com/nodejs/node/issues/64500).
 * So it frees none.
 */
setFlagsFromString('--no-wasm-code-gc');

export interface Database extends AsyncDisposable {
  readonly prisma: PrismaClient;
  /** The same pool without Prisma's engine, which costs a statement of the hot path more than the statement itself. */
  readonly statements: Statements;
  /** What invoices are sealed with and opened; none, where no PAYLOAD_MASTER_KEYS are given. */
  readonly payloadKeys: PayloadKeys;
  /** Connections of the pool, for metrics. */
  pool(): { total: number; idle: number; waiting: number };
  /** @throws when the database does not answer */
  ping(): Promise<void>;
}

/** Whatever runs a single statement, written as a tagged template: this, or a transaction of Prisma's. */
export interface Statements {
  $queryRaw<Rows = unknown>(template: TemplateStringsArray, ...parts: unknown[]): Promise<Rows>;
}

/** Milliseconds to wait for a connection, so that an unreachable database is an error and not a hang. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Milliseconds beyond the longest statement after which a silent connection is taken for dead. */
const SILENCE_MARGIN_MS = 2_000;

/**
 * Opens a pool; the first connection is made when it is first needed. An idle connection's death is the pool's affair.
 * With `readUrlAgain`, the role's password may change meanwhile (rotating-pool.ts).
 */
export const openDatabase = (
  settings: DatabaseSettings & Partial<PayloadSettings>,
  {
    applicationName,
    onPoolError = () => {},
    readUrlAgain,
  }: {
    applicationName: string;
    onPoolError?: (error: Error) => void;
    readUrlAgain?: (() => string) | undefined;
  },
): Database => {
  const config: PoolConfig = {
    max: settings.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Kept for a next burst for as long as its socket lives.
    idleTimeoutMillis: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    statement_timeout: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    application_name: applicationName,
    keepAlive: true,
    stream: () => socketThatExpires(settings.DATABASE_STATEMENT_TIMEOUT_MS + SILENCE_MARGIN_MS),
  };
  const pool = readUrlAgain
    ? rotatingPool(settings.DATABASE_URL, readUrlAgain, config)
    : new Pool({ ...config, connectionString: settings.DATABASE_URL });
  pool.on('error', onPoolError);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { onPoolError }) });
  return {
    prisma,
    statements: statementsOn(pool),
    payloadKeys: createPayloadKeys(settings.PAYLOAD_MASTER_KEYS ?? []),
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    async [Symbol.asyncDispose]() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
};

const statementsOn = (pool: Pool): Statements => ({
  $queryRaw: async <Rows>(template: TemplateStringsArray, ...parts: unknown[]) => {
    const { text, values } = Prisma.sql(template, ...parts);
    return (await pool.query(text, values)).rows as Rows;
  },
});

/**
 * The server bounds its statements, but when it or the way to it is gone without a word, nobody answers and TCP waits
 * for a quarter of an hour. A connection on which nothing moves for longer than any statement takes is ended here.
 */
const socketThatExpires = (silenceMs: number): Socket => {
  const socket = new Socket();
  const expire = () =>
    socket.destroy(
      Object.assign(new Error(`the database said nothing for ${silenceMs} ms; is it reachable?`), {
        code: 'ETIMEDOUT',
      }),
    );
  return socket.setTimeout(silenceMs, expire);
};

/** Prisma's codes for a database that cannot be reached or signed in to, is too slow, or has no connection or transaction to give. */
const unavailable = new Set(['P1000', 'P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);
/** The same from its adapter, which is all that a statement outside of a transaction says. */
const unavailableKind = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);
/** The same from PostgreSQL (classes 08, 53 and 57, a refused password, and what contention ends) and from the socket below it. */
const unavailableCause =
  /^(08...|28P01|57014|57P0[1-5]|53[0-9A-Z]{3}|40001|40P01|55P03|ECONN(REFUSED|RESET)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/** Whether an error says that the database is away or overrun, so that the request may be repeated, rather than that it is wrong. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  error instanceof Contended ||
  errorCodes(error).some((code) => unavailable.has(code) || unavailableKind.has(code) || unavailableCause.test(code)) ||
  causes(error).some(({ message }) =>
    /timeout exceeded when trying to connect|Connection terminated|DatabaseNotReachable|SocketTimeout/.test(message),
  );

const causes = (error: unknown): Error[] => (error instanceof Error ? [error, ...causes(error.cause)] : []);
