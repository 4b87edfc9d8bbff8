import {
  claimDelivery,
  isDatabaseUnavailable,
  recordAttempt,
  toPublicEvent,
  withTenant,
  type AttemptRecord,
  type DeliveryClaim,
  type Sealing,
  type Verdict,
} from '@invoicepress/database';
import type { DeliveryProcessor } from '@invoicepress/queue';
import { step } from '@invoicepress/telemetry';
import { Webhook } from 'standardwebhooks';
import type { Context } from '../context.ts';
import { OutboundError, post, type OutboundAnswer, type OutboundOptions } from '../outbound.ts';
import { waitAfter } from '../webhook-schedule.ts';
import { databaseAway } from './settle-failure.ts';

/** How long an attempt belongs to one worker, in milliseconds beyond the timeout of its request. */
const LEASE_MARGIN_MS = 30_000;
/**
 * Milliseconds that a job waits while its endpoint has its share of this worker's requests under way: as long as the
 * oldest of them has taken, within these bounds. Quick receivers are soon asked again, those that hang seldom.
 */
const BUSY_MS = { least: 50, most: 2_000 };
/** One endpoint may take up one part in so many of a worker's requests, so that a slow one leaves room for others. */
const ENDPOINT_SHARE = 4;

export interface DeliveryContext extends Pick<Context, 'database' | 'telemetry' | 'clock'> {
  config: { WEBHOOK_TIMEOUT_MS: number; WEBHOOK_CONCURRENCY: number; WEBHOOK_ALLOW_LOOPBACK: boolean };
  sealing: Sealing;
  /** For tests: how names are resolved. */
  lookup?: OutboundOptions['lookup'];
}

/** One attempt at one delivery: claim, sign, send, record. Of two workers with the same job, one finds nothing to do. */
export const deliverWebhook = (context: DeliveryContext): DeliveryProcessor => {
  const { database, sealing, config } = context;
  const perEndpoint = Math.max(1, Math.floor(config.WEBHOOK_CONCURRENCY / ENDPOINT_SHARE));
  const requests = new Map<string, Set<{ since: number }>>();
  return async ({ payload, signal }) => {
    const { tenantId, endpointId } = payload;
    const underWay = requests.get(endpointId) ?? new Set();
    const [oldest] = underWay;
    if (oldest && underWay.size >= perEndpoint) {
      const ms = Math.round(Math.min(BUSY_MS.most, Math.max(BUSY_MS.least, performance.now() - oldest.since)));
      return { outcome: 'delay', ms, reason: 'its endpoint is busy' };
    }
    const own = { since: performance.now() };
    requests.set(endpointId, underWay.add(own));
    try {
      const leaseMs = config.WEBHOOK_TIMEOUT_MS + LEASE_MARGIN_MS;
      const claim = await withTenant(database, tenantId, (tx) => claimDelivery(tx, sealing, payload, leaseMs));
      if (claim) await attempt(context, tenantId, claim, signal);
      return { outcome: 'done' };
    } catch (error) {
      // Not claimed, it is tried again soon; sent and not recorded, once its lease is over.
      if (isDatabaseUnavailable(error)) return databaseAway;
      throw error;
    } finally {
      underWay.delete(own);
      if (underWay.size === 0) requests.delete(endpointId);
    }
  };
};

const attempt = async (
  context: DeliveryContext,
  tenantId: string,
  claim: DeliveryClaim,
  signal: AbortSignal,
): Promise<void> => {
  const { database, telemetry, clock } = context;
  const startedAt = clock();
  const start = performance.now();
  step('delivering');
  const answer = await sendSigned(context, claim, startedAt, signal);
  step('delivered');
  const durationMs = Math.round(performance.now() - start);
  const verdict = signal.aborted && 'error' in answer ? retryAtOnce : judge(claim, answer);
  const record: AttemptRecord = {
    startedAt,
    durationMs,
    ...('error' in answer ? { error: answer.error } : { statusCode: answer.status, responseExcerpt: answer.excerpt }),
  };
  const { disabled } = await withTenant(database, tenantId, (tx) => recordAttempt(tx, claim, record, verdict));

  const { deliveryId, endpointId, number, event } = claim;
  const told = {
    tenantId,
    endpointId,
    deliveryId,
    attempt: number,
    milliseconds: durationMs,
    status: record.statusCode,
    reason: record.error,
  };
  if (verdict.verdict === 'delivered')
    telemetry.webhookDelivered({ ...told, sinceEventMs: clock().getTime() - event.createdAt.getTime() });
  else if (verdict.verdict === 'retry') telemetry.webhookRetried(told);
  else telemetry.webhookFailed(told);
  if (disabled) telemetry.endpointDisabled({ tenantId, endpointId, reason: disabled });
};

/** Cut short by a stop of this worker. */
const retryAtOnce: Verdict = { verdict: 'retry', afterMs: 0 };

/** Standard Webhooks: the id is the event's, so that a receiver knows what it has seen; one signature per secret. */
const sendSigned = async (
  { config, lookup }: DeliveryContext,
  { url, secrets, event }: DeliveryClaim,
  now: Date,
  signal: AbortSignal,
): Promise<OutboundAnswer | { error: string }> => {
  const body = JSON.stringify(toPublicEvent(event));
  const signatures = secrets.map((secret) => new Webhook(secret).sign(event.id, now, body));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Invoicepress-Webhooks',
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
  try {
    return await post(url, body, headers, {
      timeoutMs: config.WEBHOOK_TIMEOUT_MS,
      allowLoopback: config.WEBHOOK_ALLOW_LOOPBACK,
      signal,
      ...(lookup && { lookup }),
    });
  } catch (error) {
    if (error instanceof OutboundError) return { error: error.message };
    throw error;
  }
};

const GONE = 410;

const judge = ({ number }: DeliveryClaim, answer: OutboundAnswer | { error: string }): Verdict => {
  const status = 'error' in answer ? undefined : answer.status;
  if (status !== undefined && status >= 200 && status < 300) return { verdict: 'delivered' };
  if (status === GONE) return { verdict: 'gone' };
  const afterMs = waitAfter(number, 'error' in answer ? undefined : answer.retryAfterMs);
  return afterMs === undefined ? { verdict: 'failed' } : { verdict: 'retry', afterMs };
};
