/** Everything that is worth a log line or a count, one function each; nothing else in the house logs or counts. */
import { boundedLabel } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import type { Logger } from './logger.ts';
import { setBreaker } from './watch.ts';
import type { BreakerState } from './watch.ts';

export interface InvoiceIds {
  tenantId: string;
  clientId?: string | null | undefined;
  invoiceId: string;
}

export interface WebhookAttempt {
  tenantId: string;
  endpointId: string;
  deliveryId: string;
  attempt: number;
  milliseconds: number;
  status?: number | undefined;
  /** Why it did not succeed. */
  reason?: string | undefined;
}

export interface ExportIds {
  tenantId: string;
  exportId: string;
}

const MS_PER_S = 1_000;
/** One line per part and this many milliseconds for errors that come in swarms, such as failed reconnections. */
const SWARM_INTERVAL_MS = 5_000;
const httpMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export const createEvents = (log: Logger, metrics: Metrics) => {
  const routes = boundedLabel();
  const codes = boundedLabel();
  const outcomes = boundedLabel();
  const methodOf = (method: string): string => (httpMethods.has(method) ? method : 'OTHER');
  const connectionError = (part: 'database' | 'queue' | 'identity provider'): ((error: Error) => void) => {
    const line = oneInAWhile((suppressed, error: Error) => log.warn('connection_error', { part, suppressed, error }));
    return (error) => {
      metrics.connectionErrors.inc({ part });
      line(error);
    };
  };
  setBreaker(metrics, 'closed');

  return {
    // The process
    started: (fields: { url?: string; renderers?: number; concurrency?: number }) => log.info('started', fields),
    /** @param fields.milliseconds until it is asked again */
    waitingFor: (fields: { part: string; milliseconds: number; error: unknown }) => log.warn('waiting_for', fields),
    stopping: ({ signal }: { signal: string }) => log.info('stopping', { signal }),
    databaseError: connectionError('database'),
    queueError: connectionError('queue'),
    identityProviderError: connectionError('identity provider'),
    /** The API's own, anew. */
    certificateRead: () => log.info('certificate_read'),
    certificateError: (error: Error) => log.error('certificate_error', { error }),

    // Requests
    /** @returns what to call when the request is over */
    requestStarted: (): (() => void) => {
      metrics.httpInFlight.inc();
      return () => metrics.httpInFlight.dec();
    },
    /** @param request.route the pattern, such as /v1/invoices/:id */
    requestFinished: (request: { method: string; route: string; status: number; seconds: number }) => {
      const method = methodOf(request.method);
      const route = routes(request.route);
      metrics.httpRequests.inc({ method, route, status: `${Math.floor(request.status / 100)}xx` });
      metrics.httpSeconds.observe({ method, route }, request.seconds);
      log.info('request_finished', {
        method,
        route,
        status: request.status,
        milliseconds: Math.round(request.seconds * MS_PER_S),
      });
    },
    requestFailed: ({ method, error }: { method: string; error: unknown }) =>
      log.error('request_failed', { method: methodOf(method), error }),
    signInFailed: ({ clientId }: { clientId?: string | undefined }) => {
      metrics.signInFailures.inc();
      log.warn('sign_in_failed', { clientId });
    },
    /** A person, at the pages for operators. */
    signedIn: ({ role, by }: { role: string; by: 'link' | 'oidc' }) => log.info('signed_in', { role, by }),

    // An invoice's life
    /** A batch has a thousand of them, so they are told at debug level only. */
    invoiceAccepted: (invoice: InvoiceIds) => {
      metrics.invoices.inc({ outcome: 'accepted' });
      log.debug('invoice_accepted', invoice);
    },
    /** @param invoice.milliseconds from acceptance to here */
    invoiceReady: (
      invoice: InvoiceIds & { milliseconds: number; payloadBytes: number; documentBytes: number; pages: number },
    ) => {
      metrics.invoices.inc({ outcome: 'ready' });
      metrics.readySeconds.observe(invoice.milliseconds / MS_PER_S);
      log.info('invoice_ready', invoice);
    },
    invoiceFailed: ({ code, ...invoice }: InvoiceIds & { code: string; error?: unknown }) => {
      metrics.invoices.inc({ outcome: 'failed' });
      metrics.invoiceFailures.inc({ code: codes(code) });
      log.warn('invoice_failed', { ...invoice, code });
    },
    invoiceCanceled: (invoice: InvoiceIds) => {
      metrics.invoices.inc({ outcome: 'canceled' });
      log.info('invoice_canceled', invoice);
    },
    leaseLost: (invoice: InvoiceIds) => {
      metrics.leasesLost.inc();
      log.warn('lease_lost', invoice);
    },

    // Rendering
    rendered: ({ seconds }: { seconds: number }) => metrics.renderSeconds.observe(seconds),
    renderRetried: (attempt: InvoiceIds & { attempt: number; error: unknown }) => {
      metrics.renderRetries.inc();
      log.warn('render_retried', attempt);
    },
    /** What the attempt needs is away; it is repeated later and costs nothing. */
    renderDelayed: (attempt: InvoiceIds & { error: unknown }) => log.warn('render_delayed', attempt),
    renderers: {
      rendererReplaced: (reason: 'memory' | 'timeout' | 'crash') => {
        metrics.rendererReplaced.inc({ reason });
        log.info('renderer_replaced', { reason });
      },
    },

    // The queue and its sweeper
    enqueueFailed: ({ count, error }: { count: number; error: unknown }) => {
      metrics.enqueueFailures.inc(count);
      log.warn('enqueue_failed', { count, error });
    },
    jobFailed: ({ error }: { error: unknown }) => {
      metrics.jobsFailed.inc();
      log.warn('job_failed', { error });
    },
    sweepFinished: ({ overdue, reenqueued }: { overdue: number; reenqueued: number }) => {
      metrics.sweeps.inc({ outcome: 'finished' });
      metrics.sweptOverdue.inc(overdue);
      metrics.sweptReenqueued.inc(reenqueued);
      log.info('sweep_finished', { overdue, reenqueued });
    },
    /** The queue's server was emptied, restarted or replaced. @param fields.count invoices that were looked after */
    queueReplaced: (fields: { count: number }) => log.warn('queue_replaced', fields),
    sweepFailed: ({ error }: { error: unknown }) => {
      metrics.sweeps.inc({ outcome: 'failed' });
      log.error('sweep_failed', { error });
    },

    // The audit trail
    /** @param waitedMs how long the oldest of the entries had waited for its place in the chain; 0 when none waited */
    auditChained: ({ count, waitedMs }: { count: number; waitedMs: number }) => {
      metrics.auditChained.inc(count);
      metrics.auditWaited.set(waitedMs / MS_PER_S);
    },
    auditRoundFailed: ({ error }: { error: unknown }) => {
      metrics.auditRounds.inc();
      log.error('audit_round_failed', { error });
    },

    // Events and their webhooks
    eventsPlaced: ({ count }: { count: number }) => metrics.eventsPlaced.inc(count),
    eventRoundFailed: ({ error }: { error: unknown }) => {
      metrics.eventRounds.inc();
      log.error('event_round_failed', { error });
    },
    /** @param attempt.milliseconds the request took  @param attempt.sinceEventMs since what it tells of happened */
    webhookDelivered: ({ sinceEventMs, ...attempt }: WebhookAttempt & { sinceEventMs: number }) => {
      metrics.webhookAttempts.inc({ outcome: 'delivered' });
      metrics.webhookSeconds.observe(attempt.milliseconds / MS_PER_S);
      metrics.webhookDelay.observe(sinceEventMs / MS_PER_S);
      log.info('webhook_delivered', attempt);
    },
    webhookRetried: (attempt: WebhookAttempt) => {
      metrics.webhookAttempts.inc({ outcome: 'retried' });
      metrics.webhookSeconds.observe(attempt.milliseconds / MS_PER_S);
      log.info('webhook_retried', attempt);
    },
    webhookFailed: (attempt: WebhookAttempt) => {
      metrics.webhookAttempts.inc({ outcome: 'failed' });
      metrics.webhookSeconds.observe(attempt.milliseconds / MS_PER_S);
      log.warn('webhook_failed', attempt);
    },
    endpointDisabled: (endpoint: { tenantId: string; endpointId: string; reason: string }) => {
      metrics.endpointsDisabled.inc();
      log.warn('webhook_endpoint_disabled', endpoint);
    },

    // Exports
    exportPartFinished: (part: ExportIds & { count: number; documentBytes: number; milliseconds: number }) =>
      log.info('export_part_finished', part),
    exportReady: (fields: ExportIds & { count: number }) => log.info('export_ready', fields),
    exportRetried: (fields: ExportIds & { error: unknown }) => log.warn('export_retried', fields),
    exportFailed: (fields: ExportIds & { error: unknown }) => log.error('export_failed', fields),
    /** Another worker went on with it, or it was canceled. */
    exportLost: (fields: ExportIds) => log.warn('export_lost', fields),
    exportRoundFailed: ({ error }: { error: unknown }) => log.error('export_round_failed', { error }),

    // Templates
    templateTried: ({
      kind,
      outcome,
      ...trial
    }: {
      tenantId: string;
      jobId: string;
      kind: 'check' | 'preview';
      outcome: 'valid' | 'invalid' | 'done' | 'failed';
      milliseconds: number;
    }) => log.info('template_tried', { ...trial, part: kind, state: outcome }),
    templateSweepFailed: ({ error }: { error: unknown }) => log.error('template_sweep_failed', { error }),

    // Storage
    storage: {
      operation: (operation: string, seconds: number, outcome: string) =>
        metrics.storageSeconds.observe({ operation, outcome: outcomes(outcome) }, seconds),
      turn: (waitedSeconds: number) => metrics.storageTurns.observe(waitedSeconds),
      breaker: (state: BreakerState) => {
        setBreaker(metrics, state);
        log.warn('breaker_changed', { part: 'storage', state });
      },
    },
  };
};

/** Calls `act` at most once per interval, with the number of calls that were left out since. */
const oneInAWhile = <T>(act: (suppressed: number, argument: T) => void): ((argument: T) => void) => {
  let quietUntil = -Infinity;
  let suppressed = 0;
  return (argument) => {
    const now = performance.now();
    if (now < quietUntil) {
      suppressed += 1;
      return;
    }
    quietUntil = now + SWARM_INTERVAL_MS;
    act(suppressed, argument);
    suppressed = 0;
  };
};
