/**
 * The life of an invoice after it was accepted:
 *
 *     queued ──▶ rendering ──▶ ready
 *       ▲ │          │  │
 *       │ └▶ canceled │  └────▶ failed
 *       └────────────┴───────────┘   a lost lease, or a retry (generation + 1)
 *
 * `ready` and `canceled` are final: their rows, numbers and bytes never change.
 */
export const statuses = ['queued', 'rendering', 'ready', 'failed', 'canceled'] as const;
export type InvoiceStatus = (typeof statuses)[number];

const edges = {
  queued: ['rendering', 'canceled'],
  rendering: ['ready', 'failed', 'queued'],
  failed: ['queued'],
  ready: [],
  canceled: [],
} as const satisfies Record<InvoiceStatus, readonly InvoiceStatus[]>;

/** Whether the lifecycle has an edge from one status to the other. The database refuses every update that has none. */
export const mayFollow = (from: InvoiceStatus, to: InvoiceStatus): boolean =>
  (edges[from] as readonly InvoiceStatus[]).includes(to);

export const isFinal = (status: InvoiceStatus): boolean => edges[status].length === 0;
/** Settled: nothing more happens to it unless somebody asks (a failed invoice may be retried). */
export const isSettled = (status: InvoiceStatus): boolean => isFinal(status) || status === 'failed';

/** Why an invoice failed, and what its sender can do about it. */
export interface Failure {
  code: FailureCode;
  reason: string;
  remedy: string;
}

export const failureCodes = [
  'template-error',
  'documents-differ',
  'render-timeout',
  'render-crashed',
  'attempts-exhausted',
  'payload-destroyed',
  'payload-unreadable',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** What a client may ask of an accepted invoice, and the only status in which it may. */
const requests = { cancel: 'queued', retry: 'failed' } as const satisfies Record<string, InvoiceStatus>;
export type LifecycleRequest = keyof typeof requests;
export const requiredStatus = (request: LifecycleRequest): InvoiceStatus => requests[request];

const remedies: Record<LifecycleRequest, Partial<Record<InvoiceStatus, string>>> = {
  cancel: {
    rendering: 'Rendering has started; wait until it is ready and issue a credit note (type 381).',
    ready: 'A ready invoice never changes; issue a credit note (type 381) instead.',
    failed: 'It failed and has no documents; retry it, or leave it as it is.',
    canceled: 'It is canceled already; there is nothing left to do.',
  },
  retry: {
    queued: 'It is waiting to be rendered; there is nothing to retry.',
    rendering: 'It is being rendered; there is nothing to retry.',
    ready: 'Its documents are ready; fetch them.',
    canceled: 'It was canceled; submit a new invoice under a new number.',
  },
};

/** The lifecycle has no such edge. */
export class TransitionRefused extends Error {
  override readonly name = 'TransitionRefused';
  readonly request: LifecycleRequest;
  readonly status: InvoiceStatus;
  readonly remedy: string;
  constructor(request: LifecycleRequest, status: InvoiceStatus) {
    const remedy = remedies[request][status] ?? 'Read the invoice again: its status has just changed.';
    super(`a ${status} invoice cannot be ${request === 'cancel' ? 'canceled' : 'retried'}`);
    this.request = request;
    this.status = status;
    this.remedy = remedy;
  }
}
