import { databaseSettings, payloadSettings, webhookSettings, type DatabaseSettings } from '@invoicepress/database';
import { queueSettings, type QueueSettings } from '@invoicepress/queue';
import { storageSettings } from '@invoicepress/storage';
import { parseSettings, readerOf, requireTls, telemetrySettings, transitSettings } from '@invoicepress/telemetry';
import { isEd25519, publicKeysIn } from '@invoicepress/proof';
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { callerSettings, checkCallerSettings } from './auth/settings.ts';
import { crossOriginSettings } from './cross-origin.ts';

/** Bounds of quotas; a batch has up to 1,000 invoices anyway. */
export const MAX_INVOICES_PER_DAY = 1_000_000_000;
export const MAX_BATCH_SIZE = 1_000;
export const MAX_STORAGE_MB = 1_000_000_000;

const apiSettings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Where clients reach the API; begins links and problem types, and is the issuer of tokens. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'PUBLIC_URL is no http:// or https:// URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('http://127.0.0.1:8080'),
  /** How many reverse proxies stand in front and may be believed about the client's address. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  /** Signs tokens: a P-256 private key, PEM (PKCS #8); line breaks may be written as \n. */
  JWT_PRIVATE_KEY: pemText(
    'JWT_PRIVATE_KEY is missing; make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  ).refine(
    isP256,
    'JWT_PRIVATE_KEY is no P-256 private key in PEM; make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  ),
  JWT_AUDIENCE: z.string().min(1).default('invoicepress'),
  TOKEN_TTL_SECONDS: z.coerce.number().int().min(60).max(3_600).default(900),
  /** Signs proof bundles: an Ed25519 private key, PEM (PKCS #8); line breaks may be written as \n. */
  PROOF_PRIVATE_KEY: pemText('PROOF_PRIVATE_KEY is missing; make one with: openssl genpkey -algorithm ed25519').refine(
    (key) => isEd25519(key, 'private'),
    'PROOF_PRIVATE_KEY is no Ed25519 private key in PEM; make one with: openssl genpkey -algorithm ed25519',
  ),
  /** The public keys of the ones before it, PEM (SPKI), one after the other: bundles that they signed stay verifiable. */
  PROOF_FORMER_PUBLIC_KEYS: pemText('PROOF_FORMER_PUBLIC_KEYS is no text')
    .refine(
      everyKeyIsEd25519,
      'PROOF_FORMER_PUBLIC_KEYS are no Ed25519 public keys in PEM; a private key gives its own with: openssl pkey -pubout',
    )
    .default(''),
  /** Bytes of one invoice, and of one batch. */
  INVOICE_MAX_BYTES: z.coerce.number().int().min(10_000).max(20_000_000).default(4_000_000),
  BATCH_MAX_BYTES: z.coerce.number().int().min(10_000).max(100_000_000).default(32_000_000),
  /** Requests per minute and client; token requests per minute and address. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(6_000),
  TOKEN_RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(10_000).default(60),
  /** Requests per minute of all clients of a tenant together; twice those of a client, unless it is given. */
  TENANT_RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(2_000_000).optional(),
  /** What tenants may that have no quotas of their own; 0: without limit. Days are UTC. */
  QUOTA_INVOICES_PER_DAY: z.coerce.number().int().min(0).max(MAX_INVOICES_PER_DAY).default(0),
  QUOTA_BATCH_SIZE: z.coerce.number().int().min(0).max(MAX_BATCH_SIZE).default(0),
  QUOTA_STORAGE_MB: z.coerce.number().int().min(0).max(MAX_STORAGE_MB).default(0),
  /** How long a stop waits for requests that run. */
  SHUTDOWN_SECONDS: z.coerce.number().int().min(1).max(300).default(10),
});

/** Line breaks may be written as \n. */
function pemText(missing: string) {
  return z.string({ error: missing }).transform((text) => text.replaceAll(String.raw`\n`, '\n'));
}

function everyKeyIsEd25519(keys: string): boolean {
  const found = publicKeysIn(keys);
  return found.length > 0 && found.every((key) => isEd25519(key, 'public'));
}

function isP256(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

const settings = z
  .object({
    ...apiSettings.shape,
    ...callerSettings.shape,
    ...crossOriginSettings.shape,
    ...databaseSettings.shape,
    ...payloadSettings.shape,
    ...webhookSettings.shape,
    ...queueSettings.shape,
    ...storageSettings.shape,
    ...telemetrySettings.shape,
    ...transitSettings.shape,
  })
  .superRefine(checkCallerSettings)
  .superRefine(requireTls);
export type Config = z.infer<typeof settings> & Pick<QueueSettings, 'readQueueUrlAgain'>;

/** Reads all settings at once, from the environment and what it refers to. @throws {InvalidSettings} naming every faulty variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => ({
  ...parseSettings(settings, environment),
  readQueueUrlAgain: readerOf(environment, 'QUEUE_URL'),
});

/** For a setting that a running process may have to read again. @returns undefined when it cannot change */
export const readAgain = (name: keyof Config, environment: NodeJS.ProcessEnv = process.env) =>
  readerOf(environment, name);

const adminSettings = z
  .object({
    ADMIN_DATABASE_URL: z
      .string({
        error:
          'ADMIN_DATABASE_URL is missing; give the PostgreSQL URL of the role that owns the tables, invoicepress_migrator',
      })
      .refine(
        (value) => /^postgres(ql)?:\/\/\S+$/.test(value),
        'ADMIN_DATABASE_URL is no PostgreSQL URL; it begins with postgres://',
      ),
    ...databaseSettings.omit({ DATABASE_URL: true }).shape,
    ...transitSettings.shape,
  })
  .superRefine(requireTls)
  .transform(({ ADMIN_DATABASE_URL, ...rest }): DatabaseSettings => ({
    ...rest,
    DATABASE_URL: ADMIN_DATABASE_URL,
  }));

/** Administration works with the migrator's role, which owns the tables. */
export const readAdminConfig = (environment: NodeJS.ProcessEnv = process.env): DatabaseSettings =>
  parseSettings(adminSettings, environment);

/** What a sign-in link is made of. */
export const readSignInConfig = (environment: NodeJS.ProcessEnv = process.env) =>
  parseSettings(
    apiSettings.pick({ PUBLIC_URL: true, JWT_PRIVATE_KEY: true, JWT_AUDIENCE: true, TOKEN_TTL_SECONDS: true }),
    environment,
  );

/** What payloads are sealed, and tenants' keys wrapped anew with. */
export const readPayloadConfig = (environment: NodeJS.ProcessEnv = process.env) =>
  parseSettings(payloadSettings, environment);

/** What webhook secrets are sealed anew with. */
export const readSealingConfig = (environment: NodeJS.ProcessEnv = process.env) =>
  parseSettings(webhookSettings, environment);
