/** `npm run privacy -- export|erase-buyer|hold|holds|release|retain|archive|orphans|destroy-key`: docs/privacy.md explains it. */
import {
  listTenants,
  openDatabase,
  openHolds,
  placeHold,
  releaseHold,
  withTenant,
  type DataSubject,
} from '@invoicepress/database';
import { openStorage } from '@invoicepress/storage';
import { parseArgs } from 'node:util';
import { uuid } from '@invoicepress/client';
import { sayWhy, UsageError } from '../command-line.ts';
import { archiveTenant } from './archive.ts';
import { destroyKey } from './destroy-key.ts';
import { eraseBuyer } from './erase.ts';
import { exportData } from './export.ts';
import { sweepArchives } from './orphan-archives.ts';
import { sweepOrphans, type OnOrphan } from './orphans.ts';
import { retainTenant } from './retain.ts';
import { readPrivacyConfig } from './config.ts';

const usage = `Personal data, and how long they are kept.

  npm run privacy -- export --tenant acme [buyer] --out data.zip     all that is kept of a buyer, or of the tenant
  npm run privacy -- erase-buyer --tenant acme buyer [--dry-run]     erases what may go, redacts what must stay
  npm run privacy -- hold --tenant acme [--invoice <id>] --reason …  keeps an invoice, or all of them, from both
  npm run privacy -- holds --tenant acme
  npm run privacy -- release --tenant acme --hold <id>
  npm run privacy -- retain [--tenant acme]                          daily: erases what the law no longer wants kept
  npm run privacy -- archive [--tenant acme]                         moves old documents to a colder class of storage
  npm run privacy -- orphans [--tenant acme] [--delete]              finds, and deletes, what lies in storage without a row
  npm run privacy -- destroy-key --tenant acme --confirm acme|--dry-run   for good: its keys, and all its invoices

A buyer is --vat-id, --email, --name or --buyer-id (BT-46 or BT-47), as they stand on the invoices; of several, all
must agree. The commands need PRIVACY_DATABASE_URL (the role invoicepress_privacy) and STORAGE_URL, with credentials
that may delete; where payloads are sealed, PAYLOAD_MASTER_KEYS too. RETENTION_EXTRA_YEARS adds to the statutory years; DELIVERY_LOG_DAYS (90) and EXPORT_LOG_DAYS (30) bound
the logs of webhooks and exports; ARCHIVE_AFTER_DAYS and ARCHIVE_STORAGE_CLASS (GLACIER_IR) say what \`archive\` moves, and where to.
`;

const text = { type: 'string' } as const;
const options = {
  tenant: text,
  'vat-id': text,
  email: text,
  name: text,
  'buyer-id': text,
  out: text,
  invoice: text,
  reason: text,
  hold: text,
  confirm: text,
  'dry-run': { type: 'boolean' },
  delete: { type: 'boolean' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const required = (values: Values, name: 'tenant' | 'out' | 'reason' | 'hold'): string => {
  const value = values[name];
  if (!value) throw new UsageError(`--${name} is missing`);
  return value;
};

const subjectOf = (values: Values): DataSubject | undefined => {
  const { 'vat-id': vatId, email, name, 'buyer-id': buyerId } = values;
  const given = [vatId, email, name, buyerId].filter((value) => value !== undefined);
  if (given.includes('')) throw new UsageError('a buyer is given by a text that is not empty');
  return given.length === 0 ? undefined : { vatId, email, name, buyerId };
};

const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

const run = async (argv: string[]): Promise<void> => {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const [command = '', ...more] = positionals;
  const actions = {
    export: exports,
    'erase-buyer': erase,
    hold,
    holds,
    release,
    retain,
    archive,
    orphans,
    'destroy-key': destroy,
  };
  const action = Object.entries(actions).find(([name]) => name === command)?.[1];
  if (!action || more.length > 0)
    throw new UsageError(command ? `there is no command "${positionals.join(' ')}"` : 'name a command');
  const config = readPrivacyConfig();
  await using database = openDatabase(config, { applicationName: 'invoicepress-privacy' });
  await using storage = openStorage(config, { signs: false });
  const today = new Date().toISOString().slice(0, 10);
  await action({ database, storage, today, extraYears: config.RETENTION_EXTRA_YEARS, config }, values);
};

type Parts = Parameters<typeof eraseBuyer>[0] & {
  storage: ReturnType<typeof openStorage>;
  config: ReturnType<typeof readPrivacyConfig>;
};

const tenantOf = async ({ database }: Parts, values: Values): Promise<string> => {
  const slug = required(values, 'tenant');
  const found = (await listTenants(database)).find((tenant) => tenant.slug === slug);
  if (!found) throw new Error(`there is no tenant "${slug}"`);
  return found.id;
};

const exports = async (parts: Parts, values: Values): Promise<void> => {
  const file = required(values, 'out');
  const subject = subjectOf(values);
  say({ file, ...(await exportData(parts, { tenantId: await tenantOf(parts, values), subject, file })) });
};

const erase = async (parts: Parts, values: Values): Promise<void> => {
  const subject = subjectOf(values);
  if (!subject) throw new UsageError('say which buyer');
  const dryRun = values['dry-run'] ?? false;
  for await (const outcome of eraseBuyer(parts, { tenantId: await tenantOf(parts, values), subject, dryRun }))
    say(outcome);
};

const hold = async (parts: Parts, values: Values): Promise<void> => {
  const reason = required(values, 'reason');
  const invoiceId = values.invoice === undefined ? undefined : uuid.parse(values.invoice);
  const id = await withTenant(parts.database, await tenantOf(parts, values), (tx) =>
    placeHold(tx, { invoiceId, reason }),
  );
  if (id === null) throw new Error('there is no such invoice, or it is being erased already');
  say({ hold: id });
};

const holds = async (parts: Parts, values: Values): Promise<void> => {
  for (const found of await withTenant(parts.database, await tenantOf(parts, values), openHolds)) say(found);
};

const release = async (parts: Parts, values: Values): Promise<void> => {
  const id = uuid.parse(required(values, 'hold'));
  const released = await withTenant(parts.database, await tenantOf(parts, values), (tx) => releaseHold(tx, id));
  if (!released) throw new Error('there is no such hold, or it was released');
  say({ released: id });
};

const tenantsOf = async (parts: Parts, values: Values) =>
  values.tenant === undefined
    ? listTenants(parts.database)
    : [{ id: await tenantOf(parts, values), slug: values.tenant }];

const retain = async (parts: Parts, values: Values): Promise<void> => {
  for (const { id, slug } of await tenantsOf(parts, values)) {
    const onProgress = (erased: number) => void process.stderr.write(`${slug}: ${erased} invoices so far …\n`);
    const { DELIVERY_LOG_DAYS: deliveryLogDays, EXPORT_LOG_DAYS: exportLogDays } = parts.config;
    say({ tenant: slug, ...(await retainTenant(parts, id, { deliveryLogDays, exportLogDays, onProgress })) });
  }
};

const destroy = async (parts: Parts, values: Values): Promise<void> => {
  const slug = required(values, 'tenant');
  const dryRun = values['dry-run'] ?? false;
  if (!dryRun && values.confirm !== slug) throw new UsageError(`there is no way back; say --confirm ${slug} too`);
  const onProgress = (erased: number) => void process.stderr.write(`${slug}: ${erased} invoices so far …\n`);
  say({ tenant: slug, dryRun, ...(await destroyKey(parts, await tenantOf(parts, values), { dryRun, onProgress })) });
};

const archive = async (parts: Parts, values: Values): Promise<void> => {
  const { ARCHIVE_AFTER_DAYS: afterDays, ARCHIVE_STORAGE_CLASS: storageClass } = parts.config;
  if (afterDays === 0)
    throw new Error('nothing is archived; set ARCHIVE_AFTER_DAYS to the days after which it shall be');
  for (const { id, slug } of await tenantsOf(parts, values)) {
    const counts = await archiveTenant(parts, id, {
      storageClass,
      afterDays,
      onPage: ({ objects, moved }) =>
        void process.stderr.write(`${slug}: ${moved} of ${objects} objects moved so far …\n`),
      onDamaged: (key) => {
        process.stderr.write(`privacy: ${key} does not have the SHA-256 in its name; restore it from a backup\n`);
        process.exitCode = 1;
      },
    });
    say({ tenant: slug, storageClass, ...counts });
  }
};

const orphans = async (parts: Parts, values: Values): Promise<void> => {
  const remove = values.delete ?? false;
  const onOrphan: OnOrphan = ({ key, sizeBytes, storedAt }, left) =>
    say({ orphan: key, sizeBytes, storedAt, ...(left && { left }) });
  const tenants = await tenantsOf(parts, values);
  for (const { id, slug } of tenants) {
    const onPage = ({ objects }: { objects: number }) =>
      void process.stderr.write(`${slug}: ${objects} objects so far …\n`);
    say({ tenant: slug, ...(await sweepOrphans(parts, id, { remove, onOrphan, onPage })) });
  }
  if (values.tenant !== undefined) return;
  const ids = tenants.map(({ id }) => id);
  say({ exports: true, ...(await sweepArchives(parts, ids, { remove, onOrphan })) });
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  sayWhy('privacy', error, usage);
  process.exitCode = 1;
}
