/** `npm run audit -- verify|heads|numbers`: what an auditor asks of the system itself. docs/audit.md explains it. */
import { listTenants, openDatabase, type ChainHead, type Database } from '@invoicepress/database';
import { createProofSigner, readPublicKeys } from '@invoicepress/proof';
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sayWhy, UsageError } from '../command-line.ts';
import { readAnchor, readHeads } from './heads.ts';
import { accountFor, CSV_HEAD, csvOf } from './numbers.ts';
import { readAuditConfig } from './config.ts';
import { lineOf, vanished, verifyAll } from './verify.ts';

const usage = `The audit trail of Invoicepress.

  npm run audit -- verify [--tenant acme] [--anchor heads.json [--keys jwks.json]] [--json]
      follows the chain of entries of every tenant, and names the first that does not hold; with an anchor, that what
      was seen then is still there. --keys: whose signature the anchor must bear (the API's /.well-known/jwks.json, or PEM)
  npm run audit -- heads [--tenant acme]
      prints where the chains end, as an anchor for later; keep it where nobody can change it. Signed, if there is a
      PROOF_PRIVATE_KEY
  npm run audit -- numbers --tenant acme --series sales
      accounts for every number that a series gave, as CSV

They need AUDITOR_DATABASE_URL (the role invoicepress_auditor, which only reads) or ADMIN_DATABASE_URL.
Exit code: 0 all is well; 1 a chain is broken, or a number is missing; 2 the command could not do its work.
`;

/** An anchor has about 150 bytes a tenant. */
const MAX_FILE_BYTES = 64 * 2 ** 20;
const PROGRESS_MS = 2_000;

const read = async (file: string): Promise<string> => {
  if ((await stat(file)).size > MAX_FILE_BYTES) throw new Error(`${file} is larger than any such file`);
  return readFile(file, 'utf8');
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const showProgress = () => {
  let shownAt = performance.now();
  return (entries: number): void => {
    if (performance.now() - shownAt < PROGRESS_MS) return;
    shownAt = performance.now();
    process.stderr.write(`${entries} entries so far …\n`);
  };
};

interface Options {
  tenant?: string | undefined;
  series?: string | undefined;
  anchor?: string | undefined;
  keys?: string | undefined;
  json?: boolean | undefined;
}

const tenantsOf = async (database: Database, slug: string | undefined) => {
  const all = await listTenants(database);
  const tenants = slug === undefined ? all : all.filter((tenant) => tenant.slug === slug);
  if (slug !== undefined && tenants.length === 0) throw new Error(`there is no tenant "${slug}"`);
  return tenants;
};

const anchorsOf = async ({ anchor, keys }: Options): Promise<Map<string, ChainHead> | undefined> => {
  if (anchor === undefined && keys !== undefined) throw new UsageError('--keys go with an --anchor');
  if (anchor === undefined) return undefined;
  const keySet = keys === undefined ? undefined : await readPublicKeys(await read(keys));
  return readAnchor(await read(anchor), keySet);
};

const verify = async (database: Database, options: Options): Promise<number> => {
  const anchors = await anchorsOf(options);
  const tenants = await tenantsOf(database, options.tenant);
  let [entries, broken] = [0, 0];
  for await (const report of verifyAll(database, { tenants, anchors, onProgress: showProgress() })) {
    say(options.json ? JSON.stringify(report) : lineOf(report, new Date()));
    entries += report.verified;
    if (report.broken) broken += 1;
  }
  const gone = anchors && options.tenant === undefined ? vanished(anchors, tenants) : [];
  for (const tenantId of gone) {
    const reason = 'the anchor names this tenant, and it is not there any more';
    say(options.json ? JSON.stringify({ tenantId, broken: { reason } }) : `tenant ${tenantId}: BROKEN: ${reason}`);
  }
  broken += gone.length;
  if (!options.json) say(`audit: ${entries} entries of ${tenants.length} tenants hold, ${broken} chains are broken`);
  return broken > 0 ? 1 : 0;
};

const numbers = async (database: Database, { tenant, series }: Options): Promise<number> => {
  if (!tenant || !series) throw new UsageError('--tenant and --series are needed');
  const [found] = await tenantsOf(database, tenant);
  if (!found) return 2;
  let [given, missing] = [0, 0];
  say(CSV_HEAD);
  for await (const number of accountFor(database, { tenantId: found.id, series })) {
    say(csvOf(number));
    given += 1;
    if (!number.invoice) missing += 1;
  }
  process.stderr.write(`${given} numbers given, ${missing} missing\n`);
  return missing > 0 ? 1 : 0;
};

const run = async (): Promise<number> => {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tenant: text, series: text, anchor: text, keys: text, json: { type: 'boolean' } },
  });
  const [command = '', ...more] = positionals;
  if (!['verify', 'heads', 'numbers'].includes(command) || more.length > 0)
    throw new UsageError(command ? `there is no command "${positionals.join(' ')}"` : 'name a command');
  const { PROOF_PRIVATE_KEY, ...config } = readAuditConfig();
  await using database = openDatabase(config, { applicationName: 'invoicepress-audit' });
  if (command === 'verify') return await verify(database, values);
  if (command === 'numbers') return await numbers(database, values);
  const signer = PROOF_PRIVATE_KEY === undefined ? undefined : await createProofSigner(PROOF_PRIVATE_KEY);
  say(JSON.stringify(await readHeads(database, await tenantsOf(database, values.tenant), signer)));
  return 0;
};

try {
  process.exitCode = await run();
} catch (error) {
  // Even a mistake of ours is not to be taken for a verdict, as the exit code 1 would be.
  sayWhy('audit', error, usage);
  process.exitCode = 2;
}
