import {
  claimInvoice,
  completeInvoice,
  inOneStatement,
  isDatabaseUnavailable,
  openClaim,
  type Claim,
  type FinishedDocument,
} from '@invoicepress/database';
import type { RenderedDocument } from '@invoicepress/documents';
import { toolchain } from '@invoicepress/documents/toolchain';
import { formatInfo, isBuiltIn } from '@invoicepress/invoice';
import type { RenderProcessor } from '@invoicepress/queue';
import { objectKey, type Storage } from '@invoicepress/storage';
import { step } from '@invoicepress/telemetry';
import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { whileHeld } from '../hold-lease.ts';
import { assertRow } from '../verify-row.ts';
import { ClaimedTooOften, databaseAway, settleFailure } from './settle-failure.ts';

/** Milliseconds after another worker's lease ends at which its invoice is looked at again. */
const LEASE_MARGIN_MS = 200;
/** More than the queue's own attempts: only an invoice whose workers die comes this far, and takes no more along. */
const MAX_CLAIMS = 10;

/** One attempt at one invoice: claim, render, store, commit. A repetition is harmless at every step. */
export const renderInvoice =
  (context: Context): RenderProcessor =>
  async ({ payload, attempt, lastAttempt, signal }) => {
    const { database, config } = context;
    const statement = inOneStatement(database, payload.tenantId);
    const claimedAt = performance.now();
    step('claiming', { invoiceId: payload.invoiceId });
    const outcome = await claimInvoice(statement, payload, config.LEASE_MS).catch((error: unknown) => {
      if (isDatabaseUnavailable(error)) return databaseAway;
      throw error;
    });
    if ('outcome' in outcome) return outcome;
    if ('settled' in outcome) return { outcome: 'done' };
    if ('heldForMs' in outcome)
      return { outcome: 'delay', ms: outcome.heldForMs + LEASE_MARGIN_MS, reason: 'another worker holds the lease' };
    const { tenantId } = payload;
    const { claim } = outcome;
    step('claimed', claim);
    try {
      if (claim.attempts > MAX_CLAIMS) throw new ClaimedTooOften(`${MAX_CLAIMS} attempts ended without a word`);
      const held = { tenantId, lease: claim, claimedAt, signal };
      const open = await openClaim(database, tenantId, claim);
      await whileHeld(context, held, (whileOurs) => finish(context, tenantId, open, whileOurs));
      return { outcome: 'done' };
    } catch (error) {
      return settleFailure(context, {
        tenantId,
        claim,
        attempt,
        lastAttempt,
        signal,
        error,
      });
    }
  };

/** Storage before status: a crash in between leaves an object that nobody refers to, never a row without its bytes. */
const finish = async (
  { config, database, storage, renderers, loadAssets, templates, telemetry, clock }: Context,
  tenantId: string,
  claim: Claim,
  signal: AbortSignal,
): Promise<void> => {
  const { invoiceId } = claim;
  const assets = await loadAssets(tenantId, claim.logoSha256);
  const startedAt = performance.now();
  const [rendered] = await Promise.all([
    isBuiltIn(claim.template)
      ? renderers.render(claim.issued, claim.template, signal, assets)
      : templates.render({ tenantId, invoice: claim.issued, template: claim.template, assets }, signal),
    config.VERIFY_DOCUMENTS && assertRow(database, tenantId, claim),
  ]);
  telemetry.rendered({ seconds: (performance.now() - startedAt) / 1_000 });
  step('rendered', claim);

  const documents = await Promise.all(rendered.map((document) => store(storage, { tenantId, invoiceId }, document)));
  step('stored', claim);

  await completeInvoice(inOneStatement(database, tenantId), claim, documents);
  step('completed', claim);
  telemetry.invoiceReady({
    tenantId,
    clientId: claim.clientId,
    invoiceId,
    milliseconds: clock().getTime() - claim.acceptedAt.getTime(),
    payloadBytes: Buffer.byteLength(claim.issued),
    documentBytes: documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    pages: Math.max(...documents.map(({ pageCount = 0 }) => pageCount)),
  });
};

const store = async (
  storage: Storage,
  invoice: { tenantId: string; invoiceId: string },
  { format, bytes, pageCount }: RenderedDocument,
): Promise<FinishedDocument> => {
  const { extension, mediaType } = formatInfo[format];
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = objectKey({ ...invoice, sha256, extension });
  await storage.put({ key, bytes, mediaType, sha256 });
  return { format, storageKey: key, sha256, sizeBytes: bytes.length, mediaType, pageCount, madeWith: toolchain };
};
