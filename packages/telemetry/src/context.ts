import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFields } from './fields.ts';

export type LogContext = Pick<LogFields, 'requestId' | 'tenantId' | 'clientId' | 'invoiceId' | 'jobId'>;

const storage = new AsyncLocalStorage<LogContext>();

/** Every line that `work` logs, now and after each await, carries these ids, besides those of an outer context. */
export const withLogContext = <T>(context: LogContext, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...context }, work);

export const logContext = (): LogContext => storage.getStore() ?? {};
