import {
  claimInvoices,
  completeInvoices,
  inOneStatement,
  isDatabaseUnavailable,
  leaseLost,
  openClaim,
  type Claim,
  type Finished,
  type FinishedDocument,
} from '@invoicepress/database';
import { toolchain } from '@invoicepress/documents/toolchain';
import { formatInfo, isBuiltIn } from '@invoicepress/invoice';
import type { RenderInvoice, RenderProcessor } from '@invoicepress/queue';
import type { RenderedDocument } from '@invoicepress/renderers';
import { objectKey, sha256Of, type Storage } from '@invoicepress/storage';
import { step } from '@invoicepress/telemetry';
import type { Context } from '../context.ts';
import { whileHeld } from '../hold-lease.ts';
import { createLots, lotSize, type Lots } from '../lots.ts';
import { assertRow } from '../verify-row.ts';
import { ClaimedTooOften, databaseAway, settleFailure } from './settle-failure.ts';

/** Milliseconds after another worker's lease ends at which its invoice is looked at again. */
const LEASE_MARGIN_MS = 200;
/** Milliseconds that an invoice may wait for others of its tenant: for those whose jobs come when its fellows are done, … */
const CLAIM_WAIT_MS = 10;
/** … and for those that are being rendered. */
const FINISH_WAIT_MS = 250;
/** More than the queue's own attempts: only an invoice whose workers die comes this far, and takes no more along. */
const MAX_CLAIMS = 10;

/**
 * One attempt at one invoice: claim, render, store, commit. A repetition is harmless at every step. What is asked of the
 * database and of storage is asked for a lot of invoices at a time.
 */
export const renderInvoice = (context: Context): RenderProcessor => {
  const { database, config } = context;
  const most = lotSize(config.WORKER_CONCURRENCY);
  const claims = createLots({ most, waitMs: CLAIM_WAIT_MS }, (tenantId, wanted: RenderInvoice[]) =>
    claimInvoices(inOneStatement(database, tenantId), wanted, config.LEASE_MS),
  );
  const rendered = createLots({ most, waitMs: FINISH_WAIT_MS }, (tenantId, lot: Rendered[]) =>
    storeAndComplete(context, tenantId, lot),
  );

  return async ({ payload, attempt, lastAttempt, signal }) => {
    const { tenantId } = payload;
    const claimedAt = performance.now();
    step('claiming', { invoiceId: payload.invoiceId });
    const outcome = await claims.add(tenantId, payload).catch((error: unknown) => {
      if (isDatabaseUnavailable(error)) return databaseAway;
      throw error;
    });
    if ('outcome' in outcome) return outcome;
    if ('settled' in outcome) return { outcome: 'done' };
    if ('heldForMs' in outcome)
      return { outcome: 'delay', ms: outcome.heldForMs + LEASE_MARGIN_MS, reason: 'another worker holds the lease' };
    const { claim } = outcome;
    step('claimed', claim);
    using _next = claims.expect(tenantId); // this job makes room for another, often of the same tenant
    try {
      if (claim.attempts > MAX_CLAIMS) throw new ClaimedTooOften(`${MAX_CLAIMS} attempts ended without a word`);
      await whileHeld(context, { tenantId, lease: claim, claimedAt, signal }, async (whileOurs) => {
        const open = await openClaim(database, tenantId, claim);
        const documents = await finish(context, rendered, { tenantId, claim: open, signal: whileOurs });
        tellReady(context, { tenantId, claim: open, documents });
      });
      return { outcome: 'done' };
    } catch (error) {
      return settleFailure(context, { tenantId, claim, attempt, lastAttempt, signal, error });
    }
  };
};

interface Rendered {
  claim: Claim;
  documents: RenderedDocument[];
}

/** Renders it, and hands it on, to be stored and made final with others of its tenant that are about to come. */
const finish = async (
  context: Context,
  rendered: Lots<Rendered, FinishedDocument[]>,
  { tenantId, claim, signal }: Rendering,
): Promise<FinishedDocument[]> => {
  using place = rendered.expect(tenantId);
  const documents = await render(context, { tenantId, claim, signal });
  step('rendered', claim);
  return await place.take({ claim, documents });
};

interface Rendering {
  tenantId: string;
  claim: Claim;
  signal: AbortSignal;
}

const render = async (
  { config, database, renderers, loadAssets, templates, telemetry }: Context,
  { tenantId, claim, signal }: Rendering,
): Promise<RenderedDocument[]> => {
  const assets = await loadAssets(tenantId, claim.logoSha256);
  const startedAt = performance.now();
  const pool = isBuiltIn(claim.template) ? renderers : templates;
  const [documents] = await Promise.all([
    pool.render({ tenantId, invoice: claim.issued, template: claim.template, assets }, signal),
    config.VERIFY_DOCUMENTS && assertRow(database, tenantId, claim),
  ]);
  telemetry.rendered({ seconds: (performance.now() - startedAt) / 1_000 });
  return documents;
};

/**
 * Storage before status: a crash in between leaves objects that nobody refers to, never a row without its bytes.
 * @returns the documents of each, or why it has none
 */
const storeAndComplete = async (
  { database, storage }: Context,
  tenantId: string,
  lot: Rendered[],
): Promise<(FinishedDocument[] | Error)[]> => {
  const stored = await Promise.all(lot.map((rendered) => storeAll(storage, tenantId, rendered).catch(asError)));
  const finished = stored.filter((outcome): outcome is Finished => !(outcome instanceof Error));
  const completed = await completeInvoices(inOneStatement(database, tenantId), finished);
  return stored.map((outcome) => {
    if (outcome instanceof Error) return outcome;
    const { lease, documents } = outcome;
    if (!completed.has(lease.invoiceId)) return leaseLost(lease);
    step('completed', lease);
    return documents;
  });
};

const storeAll = async (storage: Storage, tenantId: string, { claim, documents }: Rendered): Promise<Finished> => {
  const invoice = { tenantId, invoiceId: claim.invoiceId };
  const finished = await Promise.all(documents.map((document) => store(storage, invoice, document)));
  step('stored', claim);
  return { lease: claim, documents: finished };
};

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const store = async (
  storage: Storage,
  invoice: { tenantId: string; invoiceId: string },
  { format, bytes, pageCount }: RenderedDocument,
): Promise<FinishedDocument> => {
  const { extension, mediaType } = formatInfo[format];
  const sha256 = sha256Of(bytes);
  const key = objectKey({ ...invoice, sha256, extension });
  await storage.put({ key, bytes, mediaType, sha256 });
  return { format, storageKey: key, sha256, sizeBytes: bytes.length, mediaType, pageCount, madeWith: toolchain };
};

const tellReady = (
  { telemetry, clock }: Context,
  { tenantId, claim, documents }: { tenantId: string; claim: Claim; documents: FinishedDocument[] },
): void =>
  telemetry.invoiceReady({
    tenantId,
    clientId: claim.clientId,
    invoiceId: claim.invoiceId,
    milliseconds: clock().getTime() - claim.acceptedAt.getTime(),
    payloadBytes: Buffer.byteLength(claim.issued),
    documentBytes: documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    pages: Math.max(...documents.map(({ pageCount = 0 }) => pageCount)),
  });
