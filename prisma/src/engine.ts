/**
 * Prisma's schema engine as WebAssembly: the same engine that Prisma's CLI downloads, but from the npm registry.
 * It keeps Prisma's own ledger, `_prisma_migrations`, so the stock CLI and this tool can take turns.
 */
import { readFile } from 'node:fs/promises';
import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { connectAdapter } from './adapter.ts';
import { poolConfig, withClient } from './connection.ts';

export type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

/** No table and no enum is left out of a comparison. */
export const everything = { externalTables: [], externalEnums: [] };

/** The engine works in sequence; a second connection serves its overlapping reads. */
const connections = 2;

/** The one call that is needed; TypeScript knows WebAssembly only with the browser's whole library. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/** Where the engine reports its own defects. Throwing ends the process with the message, not with "unreachable". */
const panicRegistry = {
  set_message(message: string): never {
    throw new Error(`Prisma's schema engine failed: ${message}`);
  },
};

let loading: Promise<void> | undefined;

const load = (): Promise<void> => (loading ??= instantiate());

const instantiate = async (): Promise<void> => {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panicRegistry });
  const file = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const imports = { './schema_engine_bg.js': Object.fromEntries(Object.entries(bindings).map(withoutLingeringTimers)) };
  const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
};

/** The engine never cancels the timer of its lock's 10 s timeout, and a process that is done would wait for it. */
const withoutLingeringTimers = ([name, value]: [string, unknown]): [string, unknown] => {
  const unheld = (run: () => void, ms: number): NodeJS.Timeout => setTimeout(run, ms).unref();
  return [name, name.startsWith('__wbg_setTimeout_') ? unheld : value];
};

/**
 * Runs `work` with an engine that is connected to `url`, and closes its connections afterwards.
 * `shadowUrl` is an empty database that the engine may replay migrations in (`diff` from `migrations` does).
 */
export const withEngine = async <T>(
  { url, shadowUrl, schema }: { url: string; shadowUrl?: string; schema?: string },
  work: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> => {
  await load();
  // An unreachable database is explained better here than by the engine.
  await withClient(url, async () => {});
  const pools: pg.Pool[] = [];
  const connect = async (target: string): Promise<SqlDriverAdapter> => {
    const pool = new pg.Pool({ ...poolConfig(target), max: connections });
    pool.on('error', () => {});
    pools.push(pool);
    return connectAdapter(pool);
  };
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url),
    connectToShadowDb: () => connect(shadowUrl ?? url),
  });
  const datamodels: [string, string][] | undefined = schema === undefined ? undefined : [['schema.prisma', schema]];
  try {
    const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, factory);
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
};
