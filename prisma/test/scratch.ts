import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { MigrationSource } from '../src/index.ts';

const server = (): string => {
  const url = process.env.TEST_POSTGRES_URL;
  if (!url)
    throw new Error('TEST_POSTGRES_URL is not set: run the tests through `npm test -- --filter=@invoicepress/prisma`.');
  return url;
};

export const query = async (url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
};

/** An empty database of the test's own. */
export const scratchDatabase = async (): Promise<{ url: string } & AsyncDisposable> => {
  const name = `prisma_test_${randomBytes(6).toString('hex')}`;
  await query(server(), `CREATE DATABASE ${name}`);
  const url = new URL(server());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => void (await query(server(), `DROP DATABASE ${name} WITH (FORCE)`)),
  };
};

export const firstMigration = `
CREATE TABLE "note" ("id" INTEGER NOT NULL, "body" TEXT NOT NULL, CONSTRAINT "note_pkey" PRIMARY KEY ("id"));
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY short_notes ON note USING (length(body) < 100);
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.body := upper(NEW.body); RETURN NEW; END $$;
CREATE TRIGGER shout BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION shout();
`;

const schema = `
datasource db {
  provider = "postgresql"
}

model Note {
  id   Int    @id
  body String

  @@map("note")
}
`;

/** A small schema and its migrations in a folder of their own. */
export const scratchSource = async (
  migrations: Record<string, string> = { '20260101000000_first': firstMigration },
): Promise<
  MigrationSource & {
    write: (name: string, sql: string) => Promise<void>;
    writeSchema: (extra: string) => Promise<void>;
  } & AsyncDisposable
> => {
  const folder = await mkdtemp(join(tmpdir(), 'invoicepress-prisma-test-'));
  const migrationsDir = join(folder, 'migrations');
  const schemaFile = join(folder, 'schema.prisma');
  const write = async (name: string, sql: string): Promise<void> => {
    await mkdir(join(migrationsDir, name), { recursive: true });
    await writeFile(join(migrationsDir, name, 'migration.sql'), sql);
  };
  await writeFile(schemaFile, schema);
  for (const [name, sql] of Object.entries(migrations)) await write(name, sql);
  return {
    schemaFile,
    migrationsDir,
    write,
    writeSchema: (extra) => writeFile(schemaFile, schema + extra),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
};
