/** Prisma's adapter for pg, with two of its gaps closed that the schema engine falls into. */
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, DriverAdapterError, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import pg from 'pg';

type DriverError = ConstructorParameters<typeof DriverAdapterError>[0];

/** Object ids of the types "char" (one byte, in the system catalogs) and text. */
const charType = 18;
const textType = 25;

/** An adapter over the pool; closing it leaves the pool open. */
export const connectAdapter = async (pool: pg.Pool): Promise<SqlDriverAdapter> => {
  const charColumns = watchCharColumns(pool);
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const answer = await queryRaw(query);
    for (const index of charColumns.get(answer.rows) ?? []) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
  adapter.executeScript = (script) => runWhole(pool, script);
  return adapter;
};

/**
 * The engine reads "char" columns of the catalogs, and the adapter refuses that type. It is shown text instead; the
 * map says, by the rows of an answer, which columns to call characters again.
 */
const watchCharColumns = (pool: pg.Pool): WeakMap<unknown[], number[]> => {
  const charColumns = new WeakMap<unknown[], number[]>();
  const query = pool.query.bind(pool) as (...parts: unknown[]) => Promise<pg.QueryResult>;
  pool.query = (async (...parts: unknown[]) => {
    const answer = await query(...parts);
    const columns = answer.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === charType ? [index] : []));
    for (const index of columns) Object.assign(answer.fields[index] ?? {}, { dataTypeID: textType });
    if (columns.length > 0) charColumns.set(answer.rows, columns);
    return answer;
  }) as typeof pool.query;
  return charColumns;
};

/**
 * The adapter's own `executeScript` cuts a script at every semicolon, those inside functions and DO blocks included,
 * and runs the pieces one by one. Sent whole, it is one implicit transaction: a migration applies wholly or not at all.
 */
const runWhole = async (pool: pg.Pool, script: string): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query(script);
  } catch (error) {
    throw new DriverAdapterError(asPrismaError(error, script));
  } finally {
    client.release();
  }
};

const asPrismaError = (error: unknown, script: string): DriverError => {
  if (!(error instanceof pg.DatabaseError)) {
    return { kind: 'GenericJs', id: 0, originalMessage: error instanceof Error ? error.message : String(error) };
  }
  const { code = 'XX000', message, severity = 'ERROR', detail, hint, column, position } = error;
  const line = position === undefined ? '' : ` (line ${script.slice(0, Number(position)).split('\n').length})`;
  const said = [`${message}${line}`, detail, hint].filter((part) => part !== undefined).join('\n');
  return {
    kind: 'postgres',
    code,
    severity,
    message: said,
    detail,
    hint,
    column,
    originalCode: code,
    originalMessage: said,
  };
};
