import { withLogContext } from './context.ts';
import { createEvents } from './events.ts';
import { createLogger } from './logger.ts';
import type { LoggerOptions } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createWatches } from './watch.ts';

export type Telemetry = ReturnType<typeof createTelemetry>;

/** Logs and metrics of a process, and one function per business event that feeds both. */
export const createTelemetry = (options: LoggerOptions) => {
  const log = createLogger(options);
  const metrics = createMetrics(options);
  return { log, metrics, withContext: withLogContext, ...createEvents(log, metrics), ...createWatches(metrics) };
};
