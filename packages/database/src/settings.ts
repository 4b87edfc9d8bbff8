import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Environment variables of whoever opens the database. Each kind of process has a role, and so a URL, of its own. */
export const databaseSettings = z.object({
  DATABASE_URL: z
    .string({
      error:
        "DATABASE_URL is missing; give the PostgreSQL URL of this process's own role: postgres://invoicepress_api:…@host:5432/invoicepress",
    })
    .refine(
      (value) => /^postgres(ql)?:\/\/\S+$/.test(value),
      'DATABASE_URL is no PostgreSQL URL; it begins with postgres://',
    ),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(10),
  /** Milliseconds after which PostgreSQL gives a statement up. */
  DATABASE_STATEMENT_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(15_000),
});
export type DatabaseSettings = z.infer<typeof databaseSettings>;

/** Environment variables of those who keep and send webhooks: the API and the worker. */
export const webhookSettings = z.object({
  /** Seals the signing secrets of webhook endpoints; the same in every process. */
  WEBHOOK_SEALING_KEY: z
    .string({ error: 'WEBHOOK_SEALING_KEY is missing; make one with: openssl rand -base64 32' })
    .refine(
      (value) => /^[A-Za-z0-9+/]{43}=$/.test(value),
      'WEBHOOK_SEALING_KEY is not 32 bytes in base64; make one with: openssl rand -base64 32',
    ),
  /** Keys that open as well, but seal nothing: the next one before a rotation, the one before during it. */
  WEBHOOK_SEALING_FURTHER_KEYS: z
    .string()
    .regex(
      /^([A-Za-z0-9+/]{43}=(,|$))*$/,
      'WEBHOOK_SEALING_FURTHER_KEYS are not keys of 32 bytes in base64, separated by commas',
    )
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
  /** For tests and development alone: webhooks may go to this machine, and there over plain http. */
  WEBHOOK_ALLOW_LOOPBACK: z
    .enum(['true', 'false'], { error: 'WEBHOOK_ALLOW_LOOPBACK is neither true nor false' })
    .default('false')
    .transform((value) => value === 'true'),
});
export type WebhookSettings = z.infer<typeof webhookSettings>;

/** Wraps the keys of tenants; see docs/payload-encryption.md. */
export interface MasterKey {
  id: string;
  key: KeyObject;
}

const masterKey = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;
const MAX_MASTER_KEYS = 10;

/** Environment variables of those who store, render, export or erase the content of invoices. */
export const payloadSettings = z.object({
  /** Seals the frozen invoices in the database: `id:key`, the key 32 bytes in base64. The first wraps, all unwrap. */
  PAYLOAD_MASTER_KEYS: z
    .string()
    .default('')
    .transform((text, context): MasterKey[] => {
      const found = text === '' ? [] : text.split(',').map((each) => masterKey.exec(each.trim()));
      const keys = found.flatMap((match) => (match ? [{ id: match[1] ?? '', base64: match[2] ?? '' }] : []));
      const fault = (message: string) =>
        context.addIssue({ code: 'custom', message: `PAYLOAD_MASTER_KEYS ${message}` });
      if (keys.length < found.length)
        fault(
          'are not id:key pairs separated by commas, the id of up to 32 letters, digits, "-" and "_", the key of 32 bytes in base64; make one with: echo "2026-1:$(openssl rand -base64 32)"',
        );
      for (const member of ['id', 'base64'] as const)
        if (new Set(keys.map((each) => each[member])).size < keys.length)
          fault(member === 'id' ? 'name one id twice; each key has its own' : 'have one key under two ids');
      if (keys.length > MAX_MASTER_KEYS)
        fault(`are more than ${MAX_MASTER_KEYS}; give up those that wrap nothing more`);
      return keys.map(({ id, base64 }) => ({ id, key: createSecretKey(Buffer.from(base64, 'base64')) }));
    }),
});
export type PayloadSettings = z.infer<typeof payloadSettings>;
