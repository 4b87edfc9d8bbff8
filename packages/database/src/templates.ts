import { isBuiltIn, type TemplateDiagnostic } from '@invoicepress/invoice';
import { v7 as uuidv7 } from 'uuid';
import { Prisma, type Template, type TemplateVersion } from './generated/client.ts';
import type { TenantStatement, TenantTransaction } from './with-tenant.ts';

/** Bounds of one tenant, archived templates included, and of one template. */
export const MAX_TEMPLATES = 50;
export const MAX_TEMPLATE_VERSIONS = 500;
/** Versions that a template is shown with: the newest. */
const SHOWN_VERSIONS = 50;

export type TemplateVersionRecord = Omit<TemplateVersion, 'diagnostics'> & { diagnostics: TemplateDiagnostic[] };
/** With its newest versions, the newest first. */
export type TemplateRecord = Template & { versions: TemplateVersionRecord[] };

export interface BundleFile {
  path: string;
  content: Uint8Array;
}

export interface Bundle {
  files: BundleFile[];
  /** Of the paths and contents of its files. */
  sha256: string;
  sizeBytes: number;
}

const withVersions = { versions: { orderBy: { version: 'desc' }, take: SHOWN_VERSIONS } } as const;
const toRecord = (row: Prisma.TemplateGetPayload<{ include: typeof withVersions }>): TemplateRecord =>
  row as unknown as TemplateRecord;

/** All of them, by name, without their versions. */
export const listTemplates = (tx: TenantTransaction): Promise<Template[]> =>
  tx.db.template.findMany({ orderBy: { name: 'asc' }, take: MAX_TEMPLATES });

export const findTemplate = async (tx: TenantTransaction, id: string): Promise<TemplateRecord | null> => {
  const row = await tx.db.template.findUnique({ where: { id }, include: withVersions });
  return row && toRecord(row);
};

export const findTemplateVersion = async (
  tx: TenantTransaction,
  templateId: string,
  version: number,
): Promise<TemplateVersionRecord | null> =>
  (await tx.db.templateVersion.findFirst({ where: { templateId, version } })) as TemplateVersionRecord | null;

export type UploadRefusal = { refused: 'name' | 'templates' | 'versions' | 'archived' };

/** A new template with its first version, which waits for its check. */
export const createTemplate = async (
  tx: TenantTransaction,
  { name, description, bundle }: { name: string; description: string | undefined; bundle: Bundle },
): Promise<{ template: TemplateRecord; uploaded: TemplateVersionRecord } | UploadRefusal> => {
  await oneAtATime(tx);
  if ((await tx.db.template.count()) >= MAX_TEMPLATES) return { refused: 'templates' };
  const id = uuidv7();
  const { count } = await tx.db.template.createMany({
    data: [{ id, tenantId: tx.tenantId, name, description: description ?? null }],
    skipDuplicates: true,
  });
  if (count === 0) return { refused: 'name' };
  await addVersion(tx, id, 1, bundle);
  return uploadedTo(tx, id, bundle);
};

/**
 * The next version of a template, which waits for its check. What was uploaded before stays the version that it is; if
 * that is invalid, it is checked again. @returns null when there is no such template
 */
export const createTemplateVersion = async (
  tx: TenantTransaction,
  id: string,
  bundle: Bundle,
): Promise<{ template: TemplateRecord; uploaded: TemplateVersionRecord } | UploadRefusal | null> => {
  await oneAtATime(tx);
  const template = await tx.db.template.findUnique({ where: { id } });
  if (!template) return null;
  if (template.archivedAt) return { refused: 'archived' };
  const known = await tx.db.templateVersion.findFirst({ where: { templateId: id, sha256: bundle.sha256 } });
  if (known?.status === 'invalid') await checkAgain(tx, known.id);
  if (!known) {
    const { _max } = await tx.db.templateVersion.aggregate({ where: { templateId: id }, _max: { version: true } });
    const version = (_max.version ?? 0) + 1;
    if (version > MAX_TEMPLATE_VERSIONS) return { refused: 'versions' };
    await addVersion(tx, id, version, bundle);
  }
  return uploadedTo(tx, id, bundle);
};

/** One upload at a time per tenant, so that two cannot take one number, or both be the last. */
const oneAtATime = (tx: TenantTransaction) =>
  tx.db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('template ' || app_tenant(), 0))::text`;

const addVersion = async (
  tx: TenantTransaction,
  templateId: string,
  version: number,
  { files, sha256, sizeBytes }: Bundle,
): Promise<void> => {
  const [id, { tenantId }] = [uuidv7(), tx];
  await tx.db.templateVersion.createMany({ data: [{ id, tenantId, templateId, version, sha256, sizeBytes }] });
  await tx.db.templateFile.createMany({
    data: files.map(({ path, content }) => ({ tenantId, versionId: id, path, content: Uint8Array.from(content) })),
  });
};

const checkAgain = (tx: TenantTransaction, id: string) => tx.db.$executeRaw`
  UPDATE template_version SET status = 'checking', diagnostics = '[]', attempts = 0, checked_at = NULL,
    dispatched_at = clock_timestamp()
  WHERE id = ${id}::uuid AND status = 'invalid'`;

const uploadedTo = async (tx: TenantTransaction, templateId: string, { sha256 }: Bundle) => {
  const template = await findTemplate(tx, templateId);
  const uploaded = await tx.db.templateVersion.findFirst({ where: { templateId, sha256 } });
  if (!template || !uploaded) throw new Error(`template ${templateId} was stored and is not there`);
  return { template, uploaded: uploaded as unknown as TemplateVersionRecord };
};

export type Activation =
  | { template: TemplateRecord }
  | { refused: 'archived' }
  | { refused: 'version'; status: string };

/**
 * From the commit on, submissions that name the template get this version, and with `asDefault` so do those that name
 * none. Both change together. @returns null when there is no such template or version
 */
export const activateTemplate = async (
  tx: TenantTransaction,
  id: string,
  { version, asDefault }: { version: number; asDefault: boolean },
): Promise<Activation | null> => {
  await oneAtATime(tx);
  const [template, wanted] = [await findTemplate(tx, id), await findTemplateVersion(tx, id, version)];
  if (!template || !wanted) return null;
  if (template.archivedAt) return { refused: 'archived' };
  if (wanted.status !== 'valid') return { refused: 'version', status: wanted.status };
  const updatedAt = new Date();
  if (asDefault)
    await tx.db.template.updateMany({
      where: { isDefault: true, id: { not: id } },
      data: { isDefault: false, updatedAt },
    });
  await tx.db.template.updateMany({
    where: { id },
    data: { activeVersion: version, ...(asDefault && { isDefault: true }), updatedAt },
  });
  return { template: await stillThere(tx, id) };
};

/** No submission gets it any more; those accepted keep it. Archived, it never comes back. @returns null when there is none */
export const retireTemplate = async (
  tx: TenantTransaction,
  id: string,
  { archive }: { archive: boolean },
): Promise<TemplateRecord | null> => {
  await oneAtATime(tx);
  const template = await findTemplate(tx, id);
  if (!template) return null;
  const now = new Date();
  await tx.db.template.updateMany({
    where: { id },
    data: {
      activeVersion: null,
      isDefault: false,
      ...(archive && { archivedAt: template.archivedAt ?? now }),
      updatedAt: now,
    },
  });
  return stillThere(tx, id);
};

const stillThere = async (tx: TenantTransaction, id: string): Promise<TemplateRecord> => {
  const template = await findTemplate(tx, id);
  if (!template) throw new Error(`template ${id} is gone, and templates never go`);
  return template;
};

/** What submissions get: for each name that was asked for, and for '', a template with its version; nothing for others. */
export type PinnedTemplates = Readonly<Record<string, string>>;

/** For the statement of `submissionDefaults`. Names of ours are not looked up. */
export const pinnedTemplates = ({ tenantId }: TenantStatement, asked: readonly string[]): Prisma.Sql =>
  Prisma.sql`pinned_templates(${tenantId}::uuid, ${asked.filter((name) => !isBuiltIn(name))}::text[])`;

/** The files of a version that an invoice is pinned to, such as "letterhead@3". @returns null when there is none */
export const findPinnedBundle = async (
  tx: TenantTransaction,
  pin: string,
): Promise<{ sha256: string; files: BundleFile[] } | null> => {
  const [name = '', version = ''] = pin.split('@');
  const found = await tx.db.templateVersion.findFirst({
    where: { template: { name }, version: Number(version) },
    select: { sha256: true, files: { select: { path: true, content: true }, orderBy: { path: 'asc' } } },
  });
  return found;
};
