import { openDatabase } from '@invoicepress/database';
import {
  consumeRenders,
  type Consumer,
  type RenderAttempt,
  type RenderInvoice,
  type RenderOutcome,
} from '@invoicepress/queue';
import { openStorage } from '@invoicepress/storage';
import { createTelemetry } from '@invoicepress/telemetry';
import { PassThrough } from 'node:stream';
import { readConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { renderInvoice } from '../src/processors/render-invoice.ts';
import { createLogoCache } from '../src/logo-cache.ts';
import { createRendererPool, createTemplatePool, type RendererPool } from '@invoicepress/renderers';
import { createTemplates } from '../src/templates.ts';
import type { Site } from './site.ts';

export interface LogLine {
  event: string;
  level: string;
  [field: string]: unknown;
}

/** The parts of a worker, in this process, so that a test can stand between them. */
export interface Worker extends AsyncDisposable {
  context: Context;
  /** What it logged under this event. */
  logged(event: string): LogLine[];
  /** One attempt at a job, as the queue would ask for it. */
  attempt(job: RenderInvoice, details?: Partial<Omit<RenderAttempt, 'payload'>>): Promise<RenderOutcome>;
  /** Takes jobs from the queue, as main.ts does. */
  consume(): Promise<Consumer>;
}

export interface WorkerOptions {
  /** Settings that differ from the site's. */
  environment?: Record<string, string>;
  /** Runs when a claimed invoice is about to be typeset. */
  beforeRender?: () => Promise<void>;
  /** The program of its renderers, where it is another than ours. */
  rendererFile?: URL;
}

export const aWorker = async (
  site: Site,
  { environment = {}, beforeRender, rendererFile }: WorkerOptions = {},
): Promise<Worker> => {
  const config = readConfig({ LEASE_MS: '600000', ...site.environment, ...environment });
  await using parts = new AsyncDisposableStack();
  const log = new PassThrough();
  const lines: LogLine[] = [];
  log.on('data', (chunk: Buffer) => lines.push(...parseLines(chunk.toString())));

  const telemetry = createTelemetry({ service: 'worker', level: config.LOG_LEVEL, destination: log });
  const database = parts.use(openDatabase(config, { applicationName: 'worker' }));
  const storage = parts.use(openStorage(config, { signs: false, observe: telemetry.storage }));
  const pool = parts.use(createRendererPool({ ...config, ...(rendererFile && { rendererFile }) }, telemetry.renderers));
  const renderers: RendererPool = {
    ...pool,
    render: async (...order) => {
      await beforeRender?.();
      return pool.render(...order);
    },
  };
  const loadAssets = createLogoCache(database);
  const templatePool = parts.use(createTemplatePool(config, telemetry.renderers));
  const templates = createTemplates(config, { database, pool: templatePool });
  const clock = () => new Date();
  const context: Context = { config, database, storage, renderers, loadAssets, templates, telemetry, clock };
  const processor = renderInvoice(context);
  const owned = parts.move();
  return {
    context,
    logged: (event) => lines.filter((line) => line.event === event),
    attempt: (payload, details) =>
      processor({ payload, attempt: 1, lastAttempt: false, signal: new AbortController().signal, ...details }),
    consume: async () => {
      const consumer = await consumeRenders(config, processor, { concurrency: config.WORKER_CONCURRENCY });
      owned.defer(async () => void (await consumer.close({ deadlineMs: 10_000 })));
      return consumer;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

export const parseLines = (text: string): LogLine[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine);
