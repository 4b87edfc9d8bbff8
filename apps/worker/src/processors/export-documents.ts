import {
  claimExport,
  ExportLost,
  extendExport,
  failExport,
  findExport,
  finishPart,
  isDatabaseUnavailable,
  nextDocuments,
  releaseExport,
  withTenant,
  type ExportClaim,
  type ExportDocument,
} from '@invoicepress/database';
import type { ExportOutcome, ExportProcessor } from '@invoicepress/queue';
import {
  BucketMissing,
  exportKey,
  sha256Of,
  StorageDenied,
  StorageUnavailable,
  StorageUnreachable,
} from '@invoicepress/storage';
import type { Context } from '../context.ts';
import { packPart } from '../exports/archive.ts';
import { databaseAway } from './settle-failure.ts';

/** How long an export belongs to a worker that says nothing more, by the database's clock. */
const LEASE_MS = 60_000;
/** A worker that works on it says so at least this often, between two reads from storage. */
const BEAT_MS = LEASE_MS / 6;
/** Claims without a part finished: what comes so far would never end. */
const MAX_CLAIMS = 10;
/** Milliseconds to wait for storage that is away, or after a fault. */
const RETRY_DELAY_MS = 5_000;
/** Documents of one part; a folder with more is no pleasure. */
const MAX_PART_DOCUMENTS = 2_000;
const MIB = 1_048_576;

export interface ExportContext extends Pick<Context, 'database' | 'storage' | 'telemetry'> {
  config: { EXPORT_PART_MB: number };
}

/**
 * Goes on with an export where the last one stopped: part by part is packed, stored and committed. A crash loses the part
 * at hand at most, and whoever lost the export can commit nothing.
 */
export const exportDocuments =
  (context: ExportContext): ExportProcessor =>
  async ({ payload, signal }) => {
    const { tenantId, exportId } = payload;
    const { database } = context;
    const inTenant = <T>(work: Parameters<typeof withTenant<T>>[2]) => withTenant(database, tenantId, work);
    let claim: ExportClaim | null;
    try {
      claim = await inTenant((tx) => claimExport(tx, exportId, LEASE_MS));
    } catch (error) {
      if (isDatabaseUnavailable(error)) return databaseAway;
      throw error;
    }
    if (!claim) return { outcome: 'done' };
    try {
      if (claim.attempts > MAX_CLAIMS)
        throw new ClaimedTooOften(`${MAX_CLAIMS} attempts at one part ended without a word`);
      await packAll(context, tenantId, claim, signal);
      return { outcome: 'done' };
    } catch (error) {
      return settle(context, tenantId, claim, signal, error);
    }
  };

class ClaimedTooOften extends Error {}

const packAll = async (
  context: ExportContext,
  tenantId: string,
  claim: ExportClaim,
  signal: AbortSignal,
): Promise<void> => {
  const { database, telemetry } = context;
  const beat = beating(() => withTenant(database, tenantId, (tx) => extendExport(tx, claim, LEASE_MS)), signal);
  const found = await withTenant(database, tenantId, (tx) => findExport(tx, claim.exportId));
  let { cursor, documentsDone } = claim;
  for (let number = (found?.parts.length ?? 0) + 1; ; number++) {
    const startedAt = performance.now();
    const next = { ...claim, cursor };
    const ahead = await withTenant(database, tenantId, (tx) => nextDocuments(tx, next, MAX_PART_DOCUMENTS + 1));
    const documents = within(ahead, context.config.EXPORT_PART_MB * MIB);
    const isLast = documents.length === ahead.length;
    const bytes = await storePart(context, tenantId, claim, { number, documents, isLast }, beat);

    const last = documents.at(-1);
    cursor = last && { invoiceId: last.invoiceId, documentId: last.documentId };
    documentsDone += documents.length;
    const ids = { tenantId, exportId: claim.exportId };
    const milliseconds = Math.round(performance.now() - startedAt);
    telemetry.exportPartFinished({ ...ids, count: documents.length, documentBytes: bytes, milliseconds });
    if (isLast) return telemetry.exportReady({ ...ids, count: documentsDone });
  }
};

/** As many as one part takes, and one at least. */
const within = (documents: ExportDocument[], maxBytes: number): ExportDocument[] => {
  let bytes = 0;
  const beyond = documents.findIndex(({ sizeBytes }, i) => {
    bytes += sizeBytes;
    return i > 0 && (bytes > maxBytes || i >= MAX_PART_DOCUMENTS);
  });
  return beyond < 0 ? documents : documents.slice(0, beyond);
};

/** Storage before status, as with documents: a crash in between leaves an archive that nobody refers to. */
const storePart = async (
  { database, storage }: ExportContext,
  tenantId: string,
  claim: ExportClaim,
  { number, documents, isLast }: { number: number; documents: ExportDocument[]; isLast: boolean },
  beat: () => Promise<void>,
): Promise<number> => {
  const bytes = await packPart(documents, number, ({ storageKey }) => storage.get(storageKey), beat);
  const sha256 = sha256Of(bytes);
  const key = exportKey({ exportId: claim.exportId, sha256 });
  await beat();
  await storage.put({ key, bytes, mediaType: 'application/zip', sha256 });
  const last = documents.at(-1);
  const part = {
    storageKey: key,
    sha256,
    sizeBytes: bytes.byteLength,
    documents: documents.length,
    last: last && { invoiceId: last.invoiceId, documentId: last.documentId },
    isLast,
  };
  await withTenant(database, tenantId, (tx) => finishPart(tx, claim, part));
  return bytes.byteLength;
};

/** Extends the lease, but not more often than needed. @throws {ExportLost}, or what aborted the signal */
const beating = (extend: () => Promise<void>, signal: AbortSignal): (() => Promise<void>) => {
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < BEAT_MS) return;
    last = performance.now();
    await extend();
  };
};

/** What is away is waited for; what fails again and again is recorded with its remedy. */
const settle = async (
  { database, telemetry }: ExportContext,
  tenantId: string,
  claim: ExportClaim,
  signal: AbortSignal,
  error: unknown,
): Promise<ExportOutcome> => {
  const ids = { tenantId, exportId: claim.exportId };
  const again = {
    outcome: 'delay',
    ms: RETRY_DELAY_MS,
    reason: 'the attempt failed; the next goes on behind it',
  } as const;
  if (error instanceof ExportLost) {
    telemetry.exportLost(ids);
    return { outcome: 'done' };
  }
  if (isDatabaseUnavailable(error)) return databaseAway; // the lease runs out by itself
  const says = signal.aborted || isStorageAway(error) ? 'nothing' : 'something';
  try {
    if (says === 'something' && claim.attempts >= MAX_CLAIMS) {
      await withTenant(database, tenantId, (tx) => failExport(tx, claim, failure));
      telemetry.exportFailed({ ...ids, error });
      return { outcome: 'done' };
    }
    await withTenant(database, tenantId, (tx) => releaseExport(tx, claim, { counts: says === 'something' }));
  } catch (lost) {
    if (!(lost instanceof ExportLost)) throw lost;
    telemetry.exportLost(ids);
    return { outcome: 'done' };
  }
  telemetry.exportRetried({ ...ids, error });
  return again;
};

const failure = {
  reason: 'a part of the archive could not be made in several attempts',
  remedy: 'Create it again; the operator finds the cause in the logs under the export id.',
};

const isStorageAway = (error: unknown): boolean =>
  [StorageUnavailable, StorageUnreachable, StorageDenied, BucketMissing].some((kind) => error instanceof kind);
