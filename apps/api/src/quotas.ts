import type { QuotaQuestion, QuotaUsage } from '@invoicepress/database';
import type { Response } from 'express';
import type { Config } from './config.ts';
import { RequestProblem } from './problems.ts';

const DAY_S = 86_400;
const MEGABYTE = 1_000_000;

/** What a tenant may, with its own quotas over those of the settings; undefined where there is no limit. */
export interface Quotas {
  invoicesPerDay: number | undefined;
  batchSize: number | undefined;
  storageBytes: number | undefined;
  /** Accepted on this day (UTC). */
  invoicesToday: number;
  /** As counted within the last minute. */
  storedBytes: number;
}

type QuotaSettings = Pick<Config, 'QUOTA_INVOICES_PER_DAY' | 'QUOTA_BATCH_SIZE' | 'QUOTA_STORAGE_MB'>;

const unlimited: Quotas = {
  invoicesPerDay: undefined,
  batchSize: undefined,
  storageBytes: undefined,
  invoicesToday: 0,
  storedBytes: 0,
};

/** What the look at the tenant asks. */
export const quotaQuestion = (config: QuotaSettings, now: Date): QuotaQuestion => ({
  now,
  standardLimits: config.QUOTA_INVOICES_PER_DAY + config.QUOTA_BATCH_SIZE + config.QUOTA_STORAGE_MB > 0,
  standardStorageBytes: config.QUOTA_STORAGE_MB * MEGABYTE,
});

/** @param usage null where nothing is limited */
export const quotasOf = (config: QuotaSettings, usage: QuotaUsage | null | undefined): Quotas => {
  if (usage === undefined) throw new Error('the quotas were not asked for');
  if (usage === null) return unlimited;
  const limit = (own: number | null, standard: number): number | undefined => (own ?? standard) || undefined;
  return {
    invoicesPerDay: limit(usage.invoicesPerDay, config.QUOTA_INVOICES_PER_DAY),
    batchSize: limit(usage.batchSize, config.QUOTA_BATCH_SIZE),
    storageBytes: limit(usage.storageBytes, config.QUOTA_STORAGE_MB * MEGABYTE),
    invoicesToday: usage.invoicesToday,
    storedBytes: usage.storedBytes,
  };
};

/**
 * Tells in the RateLimit headers (draft-ietf-httpapi-ratelimit-headers) what is left of the day, beside what is left of
 * the minute's requests.
 * @param accepted invoices of this request, which the quotas do not know of yet
 */
export const tellQuota = (
  res: Response,
  { invoicesPerDay, invoicesToday }: Quotas,
  accepted: number,
  now: Date,
): void => {
  if (invoicesPerDay === undefined) return;
  const left = Math.max(0, invoicesPerDay - invoicesToday - accepted);
  res.append('RateLimit-Policy', `"invoices"; q=${invoicesPerDay}; w=${DAY_S}`);
  res.append('RateLimit', `"invoices"; r=${left}; t=${secondsLeft(now)}`);
};

export const dailyQuotaProblem = (perDay: number, now: Date): RequestProblem => {
  const seconds = secondsLeft(now);
  const resetsAt = new Date(Math.floor(now.getTime() / 1_000 + seconds) * 1_000).toISOString();
  return new RequestProblem(
    'daily-quota-used-up',
    `${perDay} invoices a day are yours, and they are used up; hand it in again at ${resetsAt}, or ask us for more`,
    { headers: { 'retry-after': String(seconds) } },
  );
};

export const storageQuotaProblem = ({ storageBytes = 0, storedBytes }: Quotas): RequestProblem =>
  new RequestProblem(
    'storage-quota-used-up',
    `your documents take ${storedBytes} bytes, of ${storageBytes} that are yours; ask us for more`,
  );

/** @throws {RequestProblem} when the tenant may not hand in so many at once */
export const assertBatchSize = (size: number, { batchSize = Infinity }: Quotas): void => {
  if (size > batchSize)
    throw new RequestProblem(
      'batch-quota-exceeded',
      `a batch of yours has up to ${batchSize} invoices, and this one has ${size}; split it up`,
    );
};

/** Until the day (UTC) is over. */
const secondsLeft = (now: Date): number => DAY_S - (Math.floor(now.getTime() / 1_000) % DAY_S);
