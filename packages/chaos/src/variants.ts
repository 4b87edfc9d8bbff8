/**
 * Deliberate defects, to prove that the checker finds them. Each changes a line of the production code as it is loaded,
 * or the database that it runs on; a defect that no longer fits the code is an error, not a pass.
 */
import { registerHooks } from 'node:module';
import type { Invariant } from './ledger.ts';

interface Edit {
  /** The end of the file's path. */
  file: string;
  from: string;
  to: string;
}

export interface Variant {
  /** The fault that brings it to light, the invariant that convicts it, and the rounds that this may take. */
  cell: string;
  invariant: Invariant;
  rounds?: number;
  /** Of what the workers load. */
  edits?: Edit[];
  /** Run on the migrated database by a superuser, and what undoes it. */
  sql?: { breaks: string; mends: string };
}

const renderFile = 'apps/worker/src/processors/render-invoice.ts';
const putLine = 'await storage.put({ key, bytes, mediaType, sha256 });';
const completeLine = 'const completed = await completeInvoices(inOneStatement(database, tenantId), finished);';
const latePut = `for (const { lease, documents } of finished) {
  step('completed', lease);
  const { documents: made } = lot.find(({ claim }) => claim.invoiceId === lease.invoiceId);
  for (const [i, { storageKey: key, ...rest }] of documents.entries()) await storage.put({ ...rest, key, bytes: made[i].bytes });
}`;

/** Those that need no other workers come first, so that the fewest are started. */
export const variants: Record<string, Variant> = {
  'no-fence': {
    cell: 'overtake worker@rendered',
    invariant: 'I6',
    rounds: 4,
    sql: {
      breaks: `CREATE TABLE chaos.kept AS SELECT pg_get_functiondef('complete_invoices'::regproc) AS definition;
               DO $$ BEGIN EXECUTE (SELECT replace(definition, 'lease_epoch = held_epoch', 'true') FROM chaos.kept); END $$`,
      mends: `DO $$ BEGIN EXECUTE (SELECT definition FROM chaos.kept); END $$; DROP TABLE chaos.kept`,
    },
  },
  'forgets-answers': {
    cell: 'kill API@dispatched',
    invariant: 'I1',
    sql: {
      breaks: `CREATE FUNCTION forget_answer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
               CREATE TRIGGER forget_answer BEFORE INSERT ON idempotency_key FOR EACH ROW EXECUTE FUNCTION forget_answer()`,
      mends: `DROP FUNCTION forget_answer CASCADE`,
    },
  },
  'wastes-numbers': {
    cell: 'queue cut off@submitting',
    invariant: 'I2',
    rounds: 2,
    sql: {
      breaks: `CREATE FUNCTION waste_number() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN IF NEW.last_value % 5 = 0 THEN NEW.last_value := NEW.last_value + 1; END IF; RETURN NEW; END';
               CREATE TRIGGER waste_number BEFORE UPDATE ON number_counter FOR EACH ROW EXECUTE FUNCTION waste_number()`,
      mends: `DROP FUNCTION waste_number CASCADE`,
    },
  },
  'silent-ready': {
    cell: 'queue cut off@submitting',
    invariant: 'I8',
    sql: {
      breaks: `CREATE TABLE chaos.kept AS SELECT pg_get_triggerdef(oid) AS definition
                 FROM pg_trigger WHERE tgname = 'tell_transition' AND tgrelid = 'invoice'::regclass;
               DROP TRIGGER tell_transition ON invoice;
               CREATE TRIGGER tell_transition AFTER UPDATE ON invoice FOR EACH ROW
                 WHEN (NEW.status IS DISTINCT FROM OLD.status AND NEW.status <> 'ready') EXECUTE FUNCTION tell_event()`,
      mends: `DROP TRIGGER tell_transition ON invoice;
              DO $$ BEGIN EXECUTE (SELECT definition FROM chaos.kept); END $$; DROP TABLE chaos.kept`,
    },
  },
  'status-before-storage': {
    cell: 'kill worker@completed',
    invariant: 'I4',
    edits: [
      { file: renderFile, from: putLine, to: '' },
      { file: renderFile, from: completeLine, to: `${completeLine} ${latePut}` },
    ],
  },
  'no-sweeper': {
    cell: 'queue cut off@submitting',
    invariant: 'I3',
    edits: [{ file: 'apps/worker/src/sweeper.ts', from: 'await sweep(parts, { overdueMs });', to: '' }],
  },
  'random-bytes': {
    cell: 'kill worker@stored',
    invariant: 'I5',
    edits: [
      {
        file: renderFile,
        from: 'const sha256 = sha256Of(bytes)',
        to: 'bytes.set(crypto.getRandomValues(new Uint8Array(8)), bytes.length - 8); const sha256 = sha256Of(bytes)',
      },
    ],
  },
  'trusts-answers': {
    cell: 'storage lies@rendering',
    invariant: 'I4',
    edits: [
      {
        file: 'packages/storage/src/s3.ts',
        from: 'const same = await isSame(object, signal);',
        to: "const same = outcome === 'stored' || (await isSame(object, signal));",
      },
    ],
  },
};

export const variantNames = Object.keys(variants);

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
