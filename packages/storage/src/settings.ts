import { z } from 'zod';
import { parseStorageUrl, StorageUrlError } from './storage-url.ts';

const minSigningKeyBytes = 32;

/** The environment variables that storage needs; apps compose them into their own config. */
export const storageSettings = z.object({
  /** Where documents lie; see storage-url.ts for every form. */
  STORAGE_URL: z
    .string({ error: 'STORAGE_URL is missing; set it to s3://bucket?region=… or file:///folder' })
    .check((ctx) => {
      try {
        parseStorageUrl(ctx.value);
      } catch (error) {
        if (!(error instanceof StorageUrlError)) throw error;
        // `input` is left out on purpose: the URL may carry credentials.
        ctx.issues.push({ code: 'custom', message: `STORAGE_URL ${error.message}`, input: undefined });
      }
    }),
  /** Signs the URLs of documents in a folder; unused with s3://. The same in every process that signs or serves. */
  STORAGE_SIGNING_KEY: z
    .string()
    .refine((key) => Buffer.byteLength(key) >= minSigningKeyBytes, {
      error: `STORAGE_SIGNING_KEY must have ${minSigningKeyBytes} bytes or more; make one with: openssl rand -hex 32`,
    })
    .optional(),
  /** Keys whose signatures hold as well, separated by commas: the next one before a rotation, the one before after it. */
  STORAGE_SIGNING_FURTHER_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .refine((keys) => keys.every((key) => Buffer.byteLength(key) >= minSigningKeyBytes), {
      error: `STORAGE_SIGNING_FURTHER_KEYS must have ${minSigningKeyBytes} bytes or more each; they are separated by commas`,
    }),
  /**
   * Where clients fetch documents. With file://, the address of the API's /files, such as https://api.example.com/files.
   * With s3://, the S3 server as clients reach it, when that is not the endpoint in STORAGE_URL.
   */
  STORAGE_PUBLIC_URL: z
    .string()
    .refine(isWebAddress, {
      error: 'STORAGE_PUBLIC_URL must be an http:// or https:// URL without credentials, "?" and "#"',
    })
    .optional(),
  /** The deadline of one operation, retries included. */
  STORAGE_TIMEOUT_MS: integer('STORAGE_TIMEOUT_MS', 50, 120_000, 3_000),
  /** The share of failed calls in 10 s at which the breaker opens. */
  STORAGE_BREAKER_ERROR_PERCENT: integer('STORAGE_BREAKER_ERROR_PERCENT', 1, 100, 50),
  /** How long the breaker stays open before it lets one call try. */
  STORAGE_BREAKER_RESET_MS: integer('STORAGE_BREAKER_RESET_MS', 50, 600_000, 30_000),
  /** Calls in 10 s before the share counts. */
  STORAGE_BREAKER_MINIMUM_CALLS: integer('STORAGE_BREAKER_MINIMUM_CALLS', 1, 10_000, 5),
  /** Connections to the S3 server that one process opens at most. */
  STORAGE_MAX_SOCKETS: integer('STORAGE_MAX_SOCKETS', 1, 1_000, 50),
  /** Operations on S3 that one process has under way at most; its connections bound them too. */
  STORAGE_CONCURRENT_REQUESTS: integer('STORAGE_CONCURRENT_REQUESTS', 1, 1_000, 50),
  /** Operations on S3 that one process begins in a second at most; 0: any number. */
  STORAGE_REQUESTS_PER_SECOND: integer('STORAGE_REQUESTS_PER_SECOND', 0, 100_000, 0),
  /** How long an operation on S3 waits for its turn before its job is put off. */
  STORAGE_MAX_WAIT_MS: integer('STORAGE_MAX_WAIT_MS', 10, 60_000, 2_000),
  /** Credentials for S3; without them the AWS provider chain is asked (environment, profile, container, instance). */
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_SESSION_TOKEN: z.string().optional(),
});

export type StorageSettings = z.infer<typeof storageSettings>;

function integer(name: string, min: number, max: number, standard: number) {
  const error = `${name} must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error }).default(standard);
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && !(username || password || search || hash);
}
