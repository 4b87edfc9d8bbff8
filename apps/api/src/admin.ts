import { scopes } from '@invoicepress/client';
import {
  createSealing,
  openDatabase,
  operatorRoles,
  resealSecrets,
  type PayloadSettings,
} from '@invoicepress/database';
import { formats, profiles } from '@invoicepress/invoice';
import { migrateQueue } from '@invoicepress/queue';
import { parseArgs } from 'node:util';
import { createTokens } from './auth/tokens.ts';
import { addClient, addTenant, limitTenant, revoke, setTenant } from './administration.ts';
import { giveSecret, linkClient, secretsOf, unlinkClient, withdrawSecret } from './client-administration.ts';
import { sayWhy, UsageError } from './command-line.ts';
import { readAdminConfig, readPayloadConfig, readSealingConfig, readSignInConfig } from './config.ts';
import { rewrapAll, sealAll } from './payload-administration.ts';

const usage = `Administration of Invoicepress.

  npm run admin -- create-tenant --slug acme --name "Acme GmbH"
  npm run admin -- set-tenant --slug acme [--formats ${formats.join(',')}] [--profiles ${profiles.join(',')}] [--credit-note-series credits]
  npm run admin -- set-quota --slug acme [--invoices-per-day 5000] [--batch-size 500] [--storage-mb 20000]
  npm run admin -- create-client --tenant acme --name shop [--scopes ${scopes.filter((scope) => scope !== 'operator').join(',')}]
  npm run admin -- revoke-client --tenant acme --client <id>
  npm run admin -- list-client-secrets --tenant acme --client <id>
  npm run admin -- rotate-client-secret --tenant acme --client <id> [--grace-hours 168]
  npm run admin -- revoke-client-secret --tenant acme --client <id> --secret <id>
  npm run admin -- link-client --tenant acme --client <id> --issuer https://login.example.com --subject <their id>
  npm run admin -- unlink-client --tenant acme --issuer https://login.example.com --subject <their id>
  npm run admin -- sign-in-link [--role viewer|operator]
  npm run admin -- reseal-webhook-secrets   (after WEBHOOK_SEALING_KEY has changed; see docs/secrets.md)
  npm run admin -- seal-payloads [--tenant acme]         (what was stored before PAYLOAD_MASTER_KEYS; see docs/payload-encryption.md)
  npm run admin -- rewrap-payload-keys [--tenant acme]   (after its first key has changed)
  npm run admin -- migrate-queue            (only for a queue on PostgreSQL)

All but sign-in-link need ADMIN_DATABASE_URL (the migrator's role); that one needs JWT_PRIVATE_KEY and PUBLIC_URL, as the API has them.
set-tenant says which documents invoices are turned into, whose rules they keep, and which series numbers credit notes, if
their submission does not. set-quota says how many invoices a tenant may hand in on a day (UTC) and in one batch, and how
many megabytes (10^6 bytes) its documents may take: a number, unlimited, or standard for what the API's settings say.
A client's secret is printed once, as JSON, and kept nowhere. rotate-client-secret gives it another; the one before stays
good for the grace (0 to 2160 hours) or until it is revoked. link-client lets tokens of an identity provider (IDP_ISSUER)
speak for the client.
`;

/** The role that API and workers sign in to a PostgreSQL queue with. */
const QUEUE_ROLE = 'invoicepress_queue';

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
      secret: text,
      'grace-hours': text,
      issuer: text,
      subject: text,
      role: text,
      'credit-note-series': text,
      'invoices-per-day': text,
      'batch-size': text,
      'storage-mb': text,
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
    const role = operatorRoles.find((known) => known === (values.role ?? 'operator'));
    if (!role) throw new UsageError(`there is no role "${values.role}"; there are ${operatorRoles.join(' and ')}`);
    return `${config.PUBLIC_URL}/sign-in?token=${tokens.issueSignIn(role)}`;
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
    'set-quota': (database) =>
      limitTenant(database, {
        slug: required(values, 'slug'),
        invoicesPerDay: values['invoices-per-day'],
        batchSize: values['batch-size'],
        storageMb: values['storage-mb'],
      }),
    'create-client': (database) =>
      addClient(database, {
        tenant: required(values, 'tenant'),
        name: required(values, 'name'),
        scopes: values.scopes?.split(','),
      }),
    'revoke-client': (database) =>
      revoke(database, { tenant: required(values, 'tenant'), clientId: required(values, 'client') }),
    'list-client-secrets': (database) =>
      secretsOf(database, { tenant: required(values, 'tenant'), clientId: required(values, 'client') }),
    'rotate-client-secret': (database) =>
      giveSecret(database, {
        tenant: required(values, 'tenant'),
        clientId: required(values, 'client'),
        graceHours: values['grace-hours'],
      }),
    'revoke-client-secret': (database) =>
      withdrawSecret(database, {
        tenant: required(values, 'tenant'),
        clientId: required(values, 'client'),
        secretId: required(values, 'secret'),
      }),
    'link-client': (database) =>
      linkClient(database, {
        tenant: required(values, 'tenant'),
        clientId: required(values, 'client'),
        issuer: required(values, 'issuer'),
        subject: required(values, 'subject'),
      }),
    'unlink-client': (database) =>
      unlinkClient(database, {
        tenant: required(values, 'tenant'),
        issuer: required(values, 'issuer'),
        subject: required(values, 'subject'),
      }),
    'reseal-webhook-secrets': async (database) => {
      const { WEBHOOK_SEALING_KEY: key, WEBHOOK_SEALING_FURTHER_KEYS: furtherKeys } = readSealingConfig();
      return { endpoints: await resealSecrets(database, createSealing(key, furtherKeys)) };
    },
  };
  const payloadActions: typeof actions = {
    'seal-payloads': (database) => sealAll(database, values.tenant, (line) => process.stderr.write(`${line}\n`)),
    'rewrap-payload-keys': (database) => rewrapAll(database, values.tenant, readPayloadConfig()),
  };
  const action = actions[command ?? ''] ?? payloadActions[command ?? ''];
  if (!action) throw new UsageError(command ? `there is no command "${command}"` : 'name a command');
  const payloads: Partial<PayloadSettings> = command && command in payloadActions ? readPayloadConfig() : {};
  await using database = openDatabase({ ...readAdminConfig(), ...payloads }, { applicationName: 'invoicepress-admin' });
  return JSON.stringify(await action(database));
};

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  sayWhy('invoicepress', error, usage);
  process.exitCode = 1;
}
