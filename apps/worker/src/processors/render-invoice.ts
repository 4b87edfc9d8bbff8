import {
  claimInvoice,
  completeInvoice,
  inOneStatement,
  isDatabaseUnavailable,
  type Claim,
} from '@invoicepress/database';
import type { RenderProcessor } from '@invoicepress/queue';
import { objectKey } from '@invoicepress/storage';
import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { databaseAway, settleFailure } from './settle-failure.ts';

/** Milliseconds after another worker's lease ends at which its invoice is looked at again. */
const LEASE_MARGIN_MS = 200;

/** One attempt at one invoice: claim, render, store, commit. A repetition is harmless at every step. */
export const renderInvoice =
  (context: Context): RenderProcessor =>
  async ({ payload, attempt, lastAttempt, signal }) => {
    const { database, config } = context;
    const statement = inOneStatement(database, payload.tenantId);
    const outcome = await claimInvoice(statement, payload, config.LEASE_MS).catch((error: unknown) => {
      if (isDatabaseUnavailable(error)) return databaseAway;
      throw error;
    });
    if ('outcome' in outcome) return outcome;
    if ('settled' in outcome) return { outcome: 'done' };
    if ('heldForMs' in outcome)
      return { outcome: 'delay', ms: outcome.heldForMs + LEASE_MARGIN_MS, reason: 'another worker holds the lease' };
    try {
      await finish(context, payload.tenantId, outcome.claim, signal);
      return { outcome: 'done' };
    } catch (error) {
      return settleFailure(context, {
        tenantId: payload.tenantId,
        claim: outcome.claim,
        attempt,
        lastAttempt,
        signal,
        error,
      });
    }
  };

/** Storage before status: a crash in between leaves an object that nobody refers to, never a row without its bytes. */
const finish = async (
  { database, storage, renderers, telemetry, clock }: Context,
  tenantId: string,
  claim: Claim,
  signal: AbortSignal,
): Promise<void> => {
  const { invoiceId } = claim;
  const startedAt = performance.now();
  const { bytes, mediaType, format, pages } = await renderers.render(claim.issued, claim.template, signal);
  telemetry.rendered({ seconds: (performance.now() - startedAt) / 1_000 });

  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = objectKey({ tenantId, invoiceId, sha256, extension: format });
  await storage.put({ key, bytes, mediaType, sha256 });

  const document = { format, storageKey: key, sha256, sizeBytes: bytes.length, mediaType, pageCount: pages };
  await completeInvoice(inOneStatement(database, tenantId), claim, document);
  telemetry.invoiceReady({
    tenantId,
    clientId: claim.clientId,
    invoiceId,
    milliseconds: clock().getTime() - claim.acceptedAt.getTime(),
    payloadBytes: Buffer.byteLength(JSON.stringify(claim.issued)),
    documentBytes: bytes.length,
    pages,
  });
};
