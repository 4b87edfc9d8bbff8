import { takeOverdueTrials, type Database } from '@invoicepress/database';
import { consumeTrials, openTrialQueue, reenqueueTrials, type TrialQueue } from '@invoicepress/queue';
import { sampleNames } from '@invoicepress/invoice';
import type { Telemetry } from '@invoicepress/telemetry';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { inRounds } from './in-rounds.ts';
import { tryTemplate } from './processors/try-template.ts';
import type { TemplatePool } from '@invoicepress/renderers';

/** Checks and previews under way at a time: one, so that the other renderers are left to invoices. */
const CONCURRENCY = 1;
/** A trial is given so many times the longest rendering before it counts as lost: a check renders every sample. */
const RENDERINGS = sampleNames.length + 1;
/** Trials that one round looks after. */
const ROUND_LIMIT = 200;

interface Parts extends Pick<Context, 'database' | 'loadAssets' | 'telemetry'> {
  config: Config;
  sweeperDatabase: Database;
  pool: TemplatePool;
}

export interface TemplateTrials extends AsyncDisposable {
  /** Takes no more trials, and waits for the one under way as long as the settings say. */
  close(): Promise<void>;
}

/**
 * Checks of uploaded templates and previews: the consumer of their queue, and the rounds that find what was lost.
 * @throws QueueUnreachableError
 */
export const startTemplateTrials = async ({ config, sweeperDatabase, ...context }: Parts): Promise<TemplateTrials> => {
  const { telemetry } = context;
  await using parts = new AsyncDisposableStack();
  const queue = parts.use(await openTrialQueue(config, { onError: telemetry.queueError }));
  const consumer = await consumeTrials(config, tryTemplate(context), {
    concurrency: CONCURRENCY,
    onError: telemetry.queueError,
    onFailed: (_payload, error) => telemetry.jobFailed({ error }),
  });
  const overdueMs = Math.max(config.SWEEP_OVERDUE_MS, RENDERINGS * config.TEMPLATE_TIMEOUT_MS);
  parts.defer(async () => void (await consumer.close({ deadlineMs: config.SHUTDOWN_SECONDS * 1_000 })));
  parts.use(
    inRounds(async () => {
      await sweepTrials({ database: sweeperDatabase, queue, telemetry }, overdueMs);
      return { more: false };
    }, config.SWEEP_INTERVAL_MS),
  );
  const owned = parts.move();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= owned.disposeAsync());
  return { close, [Symbol.asyncDispose]: close };
};

/** One round: trials that have waited too long go to the queue again, and expired previews go. */
export const sweepTrials = async (
  { database, queue, telemetry }: { database: Database; queue: TrialQueue; telemetry: Telemetry },
  overdueMs: number,
): Promise<void> => {
  try {
    const overdue = await takeOverdueTrials(database, { overdueMs, limit: ROUND_LIMIT });
    const result = await reenqueueTrials(queue, overdue);
    if (!result.enqueued) telemetry.enqueueFailed({ count: overdue.length, error: result.error });
  } catch (error) {
    telemetry.templateSweepFailed({ error });
  }
};
