import { scopes } from '@invoicepress/client';
import { createSealing, openDatabase, resealSecrets } from '@invoicepress/database';
import { formats, profiles } from '@invoicepress/invoice';
import { migrateQueue } from '@invoicepress/queue';
import { parseArgs } from 'node:util';
import { createTokens } from './auth/tokens.ts';
import { addClient, addTenant, revoke, setTenant } from './administration.ts';
import { readAdminConfig, readSealingConfig, readSignInConfig } from './config.ts';

const usage = `Administration of Invoicepress.

  npm run admin -- create-tenant --slug acme --name "Acme GmbH"
  npm run admin -- set-tenant --slug acme [--formats ${formats.join(',')}] [--profiles ${profiles.join(',')}] [--credit-note-series credits]
  npm run admin -- create-client --tenant acme --name shop [--scopes ${scopes.filter((scope) => scope !== 'operator').join(',')}]
  npm run admin -- revoke-client --tenant acme --client <id>
  npm run admin -- sign-in-link
  npm run admin -- reseal-webhook-secrets   (after WEBHOOK_SEALING_KEY has changed; see docs/secrets.md)
  npm run admin -- migrate-queue            (only for a queue on PostgreSQL)

All but sign-in-link need ADMIN_DATABASE_URL (the migrator's role); that one needs JWT_PRIVATE_KEY and PUBLIC_URL, as the API has them.
set-tenant says which documents invoices are turned into, whose rules they keep, and which series numbers credit notes, if
their submission does not.
A client's secret is printed once, as JSON, and kept nowhere.
`;

/** The role that API and workers sign in to a PostgreSQL queue with. */
const QUEUE_ROLE = 'invoicepress_queue';

/** What was asked for cannot be done as it stands; the message says how it can. */
class UsageError extends Error {}

const required = (values: Record<string, string | undefined>, name: string): string => {
  const value = values[name];
  if (!value) throw new UsageError(`--${name} is missing`);
  return value;
};

const run = async (argv: string[]): Promise<string> => {
  const [command, ...rest] = argv;
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: rest,
    options: {
      slug: text,
      name: text,
      formats: text,
      profiles: text,
      tenant: text,
      scopes: text,
      client: text,
      'credit-note-series': text,
    },
  });

  if (command === 'sign-in-link') {
    const config = readSignInConfig();
    const tokens = createTokens({
      privateKeyPem: config.JWT_PRIVATE_KEY,
      issuer: config.PUBLIC_URL,
      audience: config.JWT_AUDIENCE,
      ttlSeconds: config.TOKEN_TTL_SECONDS,
    });
    return `${config.PUBLIC_URL}/sign-in?token=${tokens.issueSignIn()}`;
  }
  if (command === 'migrate-queue') {
    const version = await migrateQueue(readAdminConfig().DATABASE_URL, { grantTo: QUEUE_ROLE });
    return JSON.stringify({ queueSchema: version });
  }
  const actions: Record<string, (database: Parameters<typeof addTenant>[0]) => Promise<object>> = {
    'create-tenant': (database) =>
      addTenant(database, { slug: required(values, 'slug'), name: required(values, 'name') }),
    'set-tenant': (database) =>
      setTenant(database, {
        slug: required(values, 'slug'),
        formats: values.formats?.split(','),
        profiles: values.profiles?.split(','),
        creditNoteSeries: values['credit-note-series'],
      }),
    'create-client': (database) =>
      addClient(database, {
        tenant: required(values, 'tenant'),
        name: required(values, 'name'),
        scopes: values.scopes?.split(','),
      }),
    'revoke-client': (database) =>
      revoke(database, { tenant: required(values, 'tenant'), clientId: required(values, 'client') }),
    'reseal-webhook-secrets': async (database) => {
      const { WEBHOOK_SEALING_KEY: key, WEBHOOK_SEALING_FURTHER_KEYS: furtherKeys } = readSealingConfig();
      return { endpoints: await resealSecrets(database, createSealing(key, furtherKeys)) };
    },
  };
  const action = actions[command ?? ''];
  if (!action) throw new UsageError(command ? `there is no command "${command}"` : 'name a command');
  await using database = openDatabase(readAdminConfig(), { applicationName: 'invoicepress-admin' });
  return JSON.stringify(await action(database));
};

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  const { message, code } = error as Error & { code?: string };
  const mistaken = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(mistaken ? `invoicepress: ${message}\n\n${usage}` : `invoicepress: ${message}\n`);
  process.exitCode = 1;
}
