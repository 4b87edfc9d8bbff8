import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Names that a label may take before the rest are counted as `other`: a bug must not fill the memory of Prometheus. */
const MAX_LABEL_VALUES = 100;

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const RENDER_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const READY_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
const WEBHOOK_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
const STORAGE_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3];

/**
 * How often the delay of the event loop is looked at; what is reported of it is the interval as it was. Every 10 ms, as
 * by itself, each idle process would wake a hundred times a second.
 */
const EVENT_LOOP_SAMPLE_MS = 100;

export type Metrics = ReturnType<typeof createMetrics>;

/** All series of a process, in a registry of its own. Labels hold patterns and outcomes, never ids. */
export const createMetrics = ({ service }: { service: string }) => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter({ name: `invoicepress_${name}`, help, labelNames, registers });
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
    new Gauge({ name: `invoicepress_${name}`, help, labelNames, registers });
  const histogram = <L extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[] = [],
  ): Histogram<L> => new Histogram({ name: `invoicepress_${name}`, help, buckets, labelNames, registers });
  /** Taken one after another whenever somebody reads the metrics. */
  const readings: (() => Promise<void> | void)[] = [];

  return {
    registry,
    readings,
    /** The text that Prometheus scrapes. */
    expose: async (): Promise<string> => {
      for (const read of readings) await read();
      return registry.metrics();
    },

    httpRequests: counter('http_requests_total', 'Requests answered, by route pattern and class of status', [
      'method',
      'route',
      'status',
    ]),
    httpSeconds: histogram('http_request_seconds', 'Time from a request to the end of its answer', REQUEST_SECONDS, [
      'method',
      'route',
    ]),
    httpInFlight: gauge('http_requests_in_flight', 'Requests that are being answered'),
    signInFailures: counter('sign_in_failures_total', 'Refused client credentials'),

    invoices: counter('invoices_total', 'Invoices by what became of them: accepted, ready, failed or canceled', [
      'outcome',
    ]),
    invoiceFailures: counter('invoice_failures_total', 'Failed invoices by the code of the failure', ['code']),
    readySeconds: histogram('invoice_ready_seconds', 'Time from acceptance to documents in storage', READY_SECONDS),
    leasesLost: counter('leases_lost_total', 'Attempts whose invoice another worker had taken over'),

    queueJobs: gauge('queue_jobs', 'Jobs in the queue by state', ['state']),
    queueOldest: gauge('queue_oldest_waiting_seconds', 'How long the job that is next in line has waited'),
    queueUp: gauge('queue_up', 'Whether the queue answered when it was last asked'),
    enqueueFailures: counter(
      'enqueue_failures_total',
      'Invoices that were not enqueued at once and are left to the sweeper',
    ),
    jobsFailed: counter('jobs_failed_total', 'Jobs that the queue gave up'),

    renderSeconds: histogram(
      'render_seconds',
      'Time to render one invoice, waiting for a renderer included',
      RENDER_SECONDS,
    ),
    renderRetries: counter('render_retries_total', 'Attempts that failed and will be repeated'),
    renderers: gauge('renderers', 'Renderer processes by state, and renders that wait for one', ['state']),
    rendererBytes: gauge('renderer_rss_bytes', 'Resident memory of the largest renderer process'),
    rendererReplaced: counter('renderer_replaced_total', 'Renderer processes that were replaced, by reason', [
      'reason',
    ]),

    eventsPlaced: counter('events_placed_total', 'Events that got their place in the feed'),
    eventRounds: counter('event_rounds_failed_total', 'Rounds of the event pump that failed'),
    auditChained: counter('audit_chained_total', 'Audit entries that got their place in the chain'),
    auditWaited: gauge('audit_chain_lag_seconds', 'How long the oldest audit entry of the last round had waited'),
    auditRounds: counter('audit_rounds_failed_total', 'Rounds of the audit chain that failed'),
    webhookAttempts: counter('webhook_attempts_total', 'Attempts at webhooks: delivered, retried or failed for good', [
      'outcome',
    ]),
    webhookSeconds: histogram('webhook_attempt_seconds', 'Time until a receiver answered, or did not', WEBHOOK_SECONDS),
    webhookDelay: histogram('webhook_delivered_seconds', 'Time from an event to its delivery', READY_SECONDS),
    endpointsDisabled: counter(
      'webhook_endpoints_disabled_total',
      'Endpoints that were disabled because of their answers',
    ),

    storageSeconds: histogram('storage_seconds', 'Time of storage operations by outcome', STORAGE_SECONDS, [
      'operation',
      'outcome',
    ]),
    storageTurns: histogram(
      'storage_wait_seconds',
      'Time that operations on S3 waited for their turn',
      STORAGE_SECONDS,
    ),
    storageWaiting: gauge('storage_waiting', 'Operations on S3 that wait for their turn'),
    breaker: gauge('storage_breaker_state', '1 for the state that the breaker of storage is in', ['state']),

    databasePool: gauge('database_pool', 'Connections of the database pool by state, and callers that wait for one', [
      'state',
    ]),
    connectionErrors: counter('connection_errors_total', 'Errors of idle connections and of reconnecting', ['part']),

    sweeps: counter('sweeps_total', 'Rounds of the sweeper by outcome', ['outcome']),
    sweptOverdue: counter('sweeper_overdue_total', 'Invoices that the sweeper found overdue'),
    sweptReenqueued: counter('sweeper_reenqueued_total', 'Invoices that the sweeper put into the queue again'),
  };
};

/** Passes names through until there are too many of them; from then on, new ones become `other`. */
export const boundedLabel = (max = MAX_LABEL_VALUES): ((value: string) => string) => {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= max) return 'other';
    seen.add(value);
    return value;
  };
};
