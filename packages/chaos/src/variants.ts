/**
 * Deliberate defects, to prove that the checker finds them. Each changes a line of the production code as it is loaded,
 * or the database that it runs on; a defect that no longer fits the code is an error, not a pass.
 */
import { registerHooks } from 'node:module';

interface Edit {
  /** The end of the file's path. */
  file: string;
  from: string;
  to: string;
}

interface Variant {
  edits?: Edit[];
  /** Run once on the migrated database, by a superuser. */
  sql?: string;
}

const renderFile = 'apps/worker/src/processors/render-invoice.ts';
const putLine = 'await storage.put({ key, bytes, mediaType, sha256 });';
const completeLine = 'await completeInvoice(inOneStatement(database, tenantId), claim, documents);';
const latePut =
  'await Promise.all(documents.map(({ storageKey, ...document }, i) => storage.put({ ...document, key: storageKey, bytes: rendered[i].bytes })));';

const variants: Record<string, Variant> = {
  'no-fence': {
    sql: `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('complete_invoice'::regproc), 'lease_epoch = held_epoch', 'true'); END $$`,
  },
  'status-before-storage': {
    edits: [
      { file: renderFile, from: putLine, to: '' },
      { file: renderFile, from: completeLine, to: `${completeLine} step('completed', claim); ${latePut}` },
    ],
  },
  'no-sweeper': {
    edits: [{ file: 'apps/worker/src/sweeper.ts', from: 'await sweep(parts, { overdueMs });', to: '' }],
  },
  'forgets-answers': {
    sql: `CREATE FUNCTION forget_answer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
          CREATE TRIGGER forget_answer BEFORE INSERT ON idempotency_key FOR EACH ROW EXECUTE FUNCTION forget_answer()`,
  },
  'random-bytes': {
    edits: [
      {
        file: renderFile,
        from: "const sha256 = createHash('sha256')",
        to: "bytes.set(crypto.getRandomValues(new Uint8Array(8)), bytes.length - 8); const sha256 = createHash('sha256')",
      },
    ],
  },
  'trusts-answers': {
    edits: [
      {
        file: 'packages/storage/src/s3.ts',
        from: 'const same = await isSame(object, signal);',
        to: "const same = outcome === 'stored' || (await isSame(object, signal));",
      },
    ],
  },
  'wastes-numbers': {
    sql: `CREATE FUNCTION waste_number() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN IF NEW.last_value % 5 = 0 THEN NEW.last_value := NEW.last_value + 1; END IF; RETURN NEW; END';
          CREATE TRIGGER waste_number BEFORE UPDATE ON number_counter FOR EACH ROW EXECUTE FUNCTION waste_number()`,
  },
  'silent-ready': {
    sql: `DROP TRIGGER tell_transition ON invoice;
          CREATE TRIGGER tell_transition AFTER UPDATE ON invoice FOR EACH ROW
            WHEN (NEW.status IS DISTINCT FROM OLD.status AND NEW.status <> 'ready') EXECUTE FUNCTION tell_event()`,
  },
};

export const variantNames = Object.keys(variants);

export const variantSql = (name: string | undefined): string | undefined => variants[name ?? '']?.sql;

/** From now on, modules are loaded with the defect. @throws Error, where it is loaded, when the code has changed */
export const applyVariant = (name: string): void => {
  const edits = variants[name]?.edits ?? [];
  if (edits.length === 0) return;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const own = edits.filter(({ file }) => url.endsWith(file));
      if (own.length === 0) return loaded;
      return { ...loaded, source: own.reduce((source, edit) => edited(source, edit), textOf(loaded.source)) };
    },
  });
};

const textOf = (source: unknown): string =>
  typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();

const edited = (source: string, { file, from, to }: Edit): string => {
  if (source.split(from).length !== 2) throw new Error(`the variant no longer fits ${file}: ${from}`);
  return source.replace(from, () => to);
};
