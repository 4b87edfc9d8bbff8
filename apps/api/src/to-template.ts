import type { Template, TemplateSummary, TemplateVersion } from '@invoicepress/client';
import type { TemplateRecord, TemplateVersionRecord } from '@invoicepress/database';

export const toTemplateSummary = (record: Omit<TemplateRecord, 'versions'>): TemplateSummary => ({
  id: record.id,
  name: record.name,
  ...(record.description !== null && { description: record.description }),
  ...(record.activeVersion !== null && { activeVersion: record.activeVersion }),
  default: record.isDefault,
  ...(record.archivedAt && { archivedAt: record.archivedAt.toISOString() }),
  createdAt: record.createdAt.toISOString(),
  updatedAt: record.updatedAt.toISOString(),
});

/** A stored template as the API shows it. */
export const toTemplate = (record: TemplateRecord): Template => ({
  ...toTemplateSummary(record),
  versions: record.versions.map(toVersion),
});

const toVersion = (record: TemplateVersionRecord): TemplateVersion => ({
  version: record.version,
  status: record.status as TemplateVersion['status'],
  diagnostics: record.diagnostics,
  sha256: record.sha256,
  sizeBytes: record.sizeBytes,
  createdAt: record.createdAt.toISOString(),
  ...(record.checkedAt && { checkedAt: record.checkedAt.toISOString() }),
});
