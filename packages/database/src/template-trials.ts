/** Checks of versions and previews: what workers do with templates that no invoice waits for. */
import type { IssuedInvoice, SampleName, TemplateDiagnostic } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import { Prisma, type TemplatePreview } from './generated/client.ts';
import type { Database } from './open-database.ts';
import type { BundleFile } from './templates.ts';
import type { TenantTransaction } from './with-tenant.ts';

/** A check of a version, or a preview, as its job names it. */
export interface Trial {
  tenantId: string;
  kind: 'check' | 'preview';
  /** Of the version, or of the preview. */
  id: string;
}

/** Trials that ended without a word before one is given up: whoever takes it up dies of it. */
export const MAX_TRIALS = 3;
/** Previews of one tenant that may wait at a time, and how long one is kept. */
export const MAX_WAITING_PREVIEWS = 10;
const PREVIEW_KEPT_MS = 3_600_000;

export interface BegunTrial {
  sha256: string;
  files: BundleFile[];
  /** This one included. */
  attempts: number;
  /** Of a preview. */
  preview?: PreviewOrder;
}

/** Of a sample or of an invoice that was handed in. */
export interface PreviewOrder {
  sample: SampleName | null;
  issued: IssuedInvoice | null;
  format: 'png' | 'pdf';
  /** Of a picture, from 1. */
  page: number;
}

/** Takes up a trial that still waits. Two workers may do so at once: both come to the same, and the first one's counts. */
export const beginTrial = async (tx: TenantTransaction, { kind, id }: Trial): Promise<BegunTrial | null> => {
  if (kind === 'check') {
    const [check] = await tx.db.$queryRaw<{ attempts: number }[]>`
      UPDATE template_version SET attempts = attempts + 1, dispatched_at = clock_timestamp()
      WHERE id = ${id}::uuid AND status = 'checking'
      RETURNING attempts`;
    return check ? { ...check, ...(await bundleOf(tx, id)) } : null;
  }
  const [row] = await tx.db.$queryRaw<({ version_id: string; attempts: number } & PreviewOrder)[]>`
    UPDATE template_preview SET attempts = attempts + 1, dispatched_at = clock_timestamp()
    WHERE id = ${id}::uuid AND status = 'queued'
    RETURNING version_id, attempts, sample, issued, format, page`;
  if (!row) return null;
  const { version_id, attempts, ...preview } = row;
  return { attempts, preview, ...(await bundleOf(tx, version_id)) };
};

const bundleOf = (tx: TenantTransaction, versionId: string): Promise<Pick<BegunTrial, 'sha256' | 'files'>> =>
  tx.db.templateVersion.findUniqueOrThrow({
    where: { id: versionId },
    select: { sha256: true, files: { select: { path: true, content: true }, orderBy: { path: 'asc' } } },
  });

/** The verdict on a version; nothing happens when there is one already. */
export const settleCheck = async (
  tx: TenantTransaction,
  id: string,
  status: 'valid' | 'invalid',
  diagnostics: TemplateDiagnostic[],
): Promise<void> => {
  await tx.db.$executeRaw`
    UPDATE template_version SET status = ${status}, diagnostics = ${JSON.stringify(diagnostics)}::jsonb,
      checked_at = clock_timestamp(), attempts = 0
    WHERE id = ${id}::uuid AND status = 'checking'`;
};

export type PreviewOutcome =
  | { result: Uint8Array; pageCount: number; diagnostics: TemplateDiagnostic[] }
  | { diagnostics: TemplateDiagnostic[] };

export const settlePreview = async (tx: TenantTransaction, id: string, outcome: PreviewOutcome): Promise<void> => {
  const diagnostics = outcome.diagnostics as unknown as Prisma.InputJsonValue[];
  await tx.db.templatePreview.updateMany({
    where: { id, status: 'queued' },
    data:
      'result' in outcome
        ? { status: 'done', result: Uint8Array.from(outcome.result), pageCount: outcome.pageCount, diagnostics }
        : { status: 'failed', diagnostics },
  });
};

export type PreviewRecord = Omit<TemplatePreview, 'diagnostics'> & { diagnostics: TemplateDiagnostic[] };

/** @returns null when as many of the tenant's previews wait as may */
export const createPreview = async (
  tx: TenantTransaction,
  preview: {
    versionId: string;
    format: 'png' | 'pdf';
    page: number;
    of: { sample: SampleName } | { issued: IssuedInvoice };
  },
): Promise<string | null> => {
  await tx.db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('preview ' || app_tenant(), 0))::text`;
  if ((await tx.db.templatePreview.count({ where: { status: 'queued' } })) >= MAX_WAITING_PREVIEWS) return null;
  const id = uuidv7();
  const { of, ...row } = preview;
  await tx.db.templatePreview.createMany({
    data: [
      {
        ...row,
        ...('sample' in of ? of : { issued: of.issued as unknown as Prisma.InputJsonObject }),
        id,
        tenantId: tx.tenantId,
        expiresAt: new Date(Date.now() + PREVIEW_KEPT_MS),
      },
    ],
  });
  return id;
};

/** Until it expires. @returns null when there is none of this template */
export const findPreview = async (
  tx: TenantTransaction,
  templateId: string,
  id: string,
): Promise<PreviewRecord | null> =>
  (await tx.db.templatePreview.findFirst({
    where: { id, version: { templateId } },
  })) as unknown as PreviewRecord | null;

/**
 * Trials of all tenants that have waited for longer than `overdueMs`, by the database's clock, marked as dispatched now.
 * Expired previews go. Needs the sweeper's role.
 */
export const takeOverdueTrials = (
  database: Database,
  { overdueMs, limit }: { overdueMs: number; limit: number },
): Promise<Trial[]> =>
  database.prisma.$transaction(async (db) => {
    await db.$executeRaw`DELETE FROM template_preview WHERE expires_at < clock_timestamp()`;
    const take = (table: Prisma.Sql, status: string) => db.$queryRaw<{ id: string; tenant_id: string }[]>`
      WITH taken AS MATERIALIZED (
        SELECT id FROM ${table}
        WHERE status = ${status} AND dispatched_at < clock_timestamp() - ${overdueMs} * interval '1 millisecond'
        ORDER BY dispatched_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE ${table} SET dispatched_at = clock_timestamp() WHERE id IN (SELECT id FROM taken)
      RETURNING id, tenant_id`;
    const checks = await take(Prisma.sql`template_version`, 'checking');
    const previews = await take(Prisma.sql`template_preview`, 'queued');
    return [
      ...checks.map(({ id, tenant_id }): Trial => ({ tenantId: tenant_id, kind: 'check', id })),
      ...previews.map(({ id, tenant_id }): Trial => ({ tenantId: tenant_id, kind: 'preview', id })),
    ];
  });
