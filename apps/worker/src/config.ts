import { databaseSettings, payloadSettings, webhookSettings } from '@invoicepress/database';
import { queueSettings, type QueueSettings } from '@invoicepress/queue';
import { storageSettings } from '@invoicepress/storage';
import { parseSettings, readerOf, requireTls, telemetrySettings, transitSettings } from '@invoicepress/telemetry';
import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** So that storing some overlaps with typesetting others, lot by lot (see lots.ts). */
const INVOICES_PER_RENDERER = 12;

const workerSettings = z.object({
  /** The sweeper looks across tenants, with a role that sees ids and times alone. */
  SWEEPER_DATABASE_URL: z
    .string({ error: 'SWEEPER_DATABASE_URL is missing; give the PostgreSQL URL of the role invoicepress_sweeper' })
    .refine(
      (value) => /^postgres(ql)?:\/\/\S+$/.test(value),
      'SWEEPER_DATABASE_URL is no PostgreSQL URL; it begins with postgres://',
    ),
  /** Child processes that typeset; one per core. */
  RENDERER_POOL_SIZE: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
  /** Invoices in hand at a time; twelve for each renderer. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(256).optional(),
  /** After this a renderer is killed and the attempt has failed. */
  RENDER_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(20_000),
  /** A renderer that holds more memory than this after a document is replaced by a fresh one. */
  RENDERER_RECYCLE_MB: z.coerce.number().int().min(100).max(16_384).default(420),
  /** A renderer that reaches this much memory is killed at once. */
  RENDERER_MAX_MB: z.coerce.number().int().min(200).max(65_536).default(2_048),
  /** Reads every document back before it is stored, and compares it with the invoice and its row. */
  VERIFY_DOCUMENTS: z
    .enum(['true', 'false'], { error: 'VERIFY_DOCUMENTS is neither true nor false' })
    .default('false')
    .transform((value) => value === 'true'),
  /** Child processes that typeset uploaded templates, each one template at a time; started when first needed. */
  TEMPLATE_RENDERER_POOL_SIZE: z.coerce.number().int().min(1).max(64).default(2),
  /** After this a template's renderer is killed, and its invoice, check or preview has failed. */
  TEMPLATE_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
  /** A template's renderer gets no more memory than this. */
  TEMPLATE_MAX_MB: z.coerce.number().int().min(200).max(65_536).default(1_024),
  /** How long an invoice belongs to a worker that says nothing more, by the database's clock; a live one extends it. */
  LEASE_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(20_000),
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
  /** Queued invoices older than this are looked after. */
  SWEEP_OVERDUE_MS: z.coerce.number().int().min(100).max(3_600_000).default(30_000),
  /** Events get their places, and webhooks that are due go to the queue, once in so many milliseconds. */
  EVENT_INTERVAL_MS: z.coerce.number().int().min(20).max(60_000).default(250),
  /** Webhooks under way at a time. */
  WEBHOOK_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(16),
  /** How long a receiver may take for its answer. */
  WEBHOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(15_000),
  /** Exports under way at a time; they read and store documents beside the rendering. */
  EXPORT_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(1),
  /** An archive is closed before its documents have more bytes than this; it is held in memory until it is stored. */
  EXPORT_PART_MB: z.coerce.number().int().min(1).max(48).default(16),
  /** How long a stop waits for what runs. */
  SHUTDOWN_SECONDS: z.coerce.number().int().min(1).max(300).default(20),
});

const settings = z
  .object({
    ...workerSettings.shape,
    ...databaseSettings.shape,
    ...payloadSettings.shape,
    ...webhookSettings.shape,
    ...queueSettings.shape,
    ...storageSettings.shape,
    ...telemetrySettings.shape,
    ...transitSettings.shape,
  })
  .superRefine(requireTls)
  .transform((config) => ({
    ...config,
    WORKER_CONCURRENCY: config.WORKER_CONCURRENCY ?? Math.min(256, config.RENDERER_POOL_SIZE * INVOICES_PER_RENDERER),
  }));
export type Config = z.infer<typeof settings> & Pick<QueueSettings, 'readQueueUrlAgain'>;

/** Reads all settings at once, from the environment and what it refers to. @throws {InvalidSettings} naming every faulty variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): Config => ({
  ...parseSettings(settings, environment),
  readQueueUrlAgain: readerOf(environment, 'QUEUE_URL'),
});

/** For a setting that a running process may have to read again. @returns undefined when it cannot change */
export const readAgain = (name: keyof Config, environment: NodeJS.ProcessEnv = process.env) =>
  readerOf(environment, name);
