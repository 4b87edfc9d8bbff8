import {
  failInvoice,
  isDatabaseUnavailable,
  LeaseLost,
  PayloadLocked,
  releaseInvoice,
  withTenant,
  type Claim,
} from '@invoicepress/database';
import { isBuiltIn, type Failure } from '@invoicepress/invoice';
import type { RenderOutcome } from '@invoicepress/queue';
import { BucketMissing, StorageDenied, StorageUnavailable, StorageUnreachable } from '@invoicepress/storage';
import { step } from '@invoicepress/telemetry';
import type { Context } from '../context.ts';
import { DocumentsDiffer, RenderCrashed, RenderRefused, RenderTimeout, TemplateStopped } from '@invoicepress/renderers';
import { TemplatesBusy } from '../templates.ts';

/** Its attempts did not even fail: whoever takes it up dies of it. */
export class ClaimedTooOften extends Error {
  override readonly name = 'ClaimedTooOften';
}

/** Attempts at an invoice whose template took too long or too much: once may be a busy machine's doing. */
const TEMPLATE_ATTEMPTS = 2;
/** Milliseconds until an invoice asks again for a renderer of its template. */
const TEMPLATES_BUSY_MS = 300;
/** Milliseconds to wait for a database that is away. */
const DATABASE_DELAY_MS = 5_000;
/** Milliseconds to wait for a master key: until an operator has given it, other workers may have it already. */
const KEY_DELAY_MS = 5_000;
/** Milliseconds to wait for storage that did not do its part; while its breaker is open, that knows better. */
const STORAGE_DELAY_MS = 5_000;

/** Says nothing about the invoice, so it costs no attempt. A lease that is held meanwhile runs out by itself. */
export const databaseAway = {
  outcome: 'delay',
  ms: DATABASE_DELAY_MS,
  reason: 'the database is away',
} as const satisfies RenderOutcome;

interface FailedAttempt {
  tenantId: string;
  claim: Claim;
  attempt: number;
  lastAttempt: boolean;
  /** Aborted when the attempt was cut short, which says nothing about the invoice either. */
  signal: AbortSignal;
  error: unknown;
}

/**
 * What follows from a failed attempt: what would fail again is recorded with its remedy; what is away is waited for
 * without burning an attempt; anything else is tried again, until the attempts are used up.
 */
export const settleFailure = async (
  context: Context,
  { tenantId, claim, attempt, lastAttempt, signal, error }: FailedAttempt,
): Promise<RenderOutcome> => {
  const { database, telemetry } = context;
  step('settling', claim);
  const ids = { tenantId, clientId: claim.clientId, invoiceId: claim.invoiceId };
  if (error instanceof LeaseLost) {
    telemetry.leaseLost(ids);
    return { outcome: 'done' };
  }
  if (isDatabaseUnavailable(error)) return databaseAway;

  const busy = error instanceof TemplatesBusy;
  const failure = signal.aborted || busy ? undefined : finalFailure(error, attempt, lastAttempt, claim.template);
  try {
    if (failure) {
      await withTenant(database, tenantId, (tx) => failInvoice(tx, claim, failure));
      telemetry.invoiceFailed({ ...ids, code: failure.code, error });
      return { outcome: 'unrecoverable', reason: failure.reason };
    }
    const counts = !signal.aborted && !busy && !isStorageAway(error) && !isKeyAway(error);
    await withTenant(database, tenantId, (tx) => releaseInvoice(tx, claim, { counts }));
  } catch (lost) {
    if (!(lost instanceof LeaseLost)) throw lost;
    telemetry.leaseLost(ids);
    return { outcome: 'done' };
  }
  if (busy) return { outcome: 'delay', ms: TEMPLATES_BUSY_MS, reason: error.message };
  if (isKeyAway(error)) {
    telemetry.renderDelayed({ ...ids, error });
    return { outcome: 'delay', ms: KEY_DELAY_MS, reason: 'the master key of its tenant is not known here' };
  }
  if (isStorageAway(error)) {
    telemetry.renderDelayed({ ...ids, error });
    return {
      outcome: 'delay',
      ms: error instanceof StorageUnavailable ? error.retryAfterMs : STORAGE_DELAY_MS,
      reason: 'storage is away',
    };
  }
  telemetry.renderRetried({ ...ids, attempt, error });
  throw error;
};

/** Away, or refusing us all alike until an operator acts: never the fault of the invoice at hand. */
const isStorageAway = (error: unknown): boolean =>
  [StorageUnavailable, StorageUnreachable, StorageDenied, BucketMissing].some((kind) => error instanceof kind);

/** A master key that this worker was not given: an operator's fault, and none of the invoice. */
const isKeyAway = (error: unknown): boolean => error instanceof PayloadLocked && error.why === 'no-master-key';

/** The failure to record, when trying again is of no use; undefined when it is. */
const finalFailure = (error: unknown, attempt: number, lastAttempt: boolean, template: string): Failure | undefined => {
  if (error instanceof TemplateStopped && attempt < TEMPLATE_ATTEMPTS) return undefined;
  if (error instanceof RenderRefused) return { code: 'template-error', reason: error.message, remedy: error.remedy };
  if (error instanceof DocumentsDiffer) {
    return {
      code: 'documents-differ',
      reason: error.message,
      remedy: isBuiltIn(template)
        ? 'Report it with its id: the template or the data are at fault. Retry when that is mended.'
        : 'Let the template print what is named, activate the new version, and submit the invoice anew.',
    };
  }
  if (error instanceof PayloadLocked && error.why === 'destroyed') {
    return {
      code: 'payload-destroyed',
      reason: error.message,
      remedy: 'Submit the invoice anew: nobody can open this one any more.',
    };
  }
  if (error instanceof PayloadLocked && error.why === 'broken') {
    return {
      code: 'payload-unreadable',
      reason: error.message,
      remedy: 'Report it with its id, and retry when its payload was restored; or submit the invoice anew.',
    };
  }
  if (error instanceof ClaimedTooOften) {
    return {
      code: 'attempts-exhausted',
      reason: error.message,
      remedy: 'Split the invoice into smaller ones and retry, or report it with its id: it seems to kill its workers.',
    };
  }
  if (!lastAttempt || isStorageAway(error) || isKeyAway(error)) return undefined;
  if (error instanceof RenderTimeout) {
    return {
      code: 'render-timeout',
      reason: error.message,
      remedy: 'Split the invoice into smaller ones, or ask the operator to raise RENDER_TIMEOUT_MS, and retry.',
    };
  }
  if (error instanceof RenderCrashed) {
    return {
      code: 'render-crashed',
      reason: error.message,
      remedy: 'Retry; if it fails again, split the invoice or report it with its id.',
    };
  }
  return {
    code: 'attempts-exhausted',
    reason: 'the documents could not be made or stored in several attempts',
    remedy: 'Retry later; the operator finds the cause in the logs under the invoice id.',
  };
};
