import type { ProofRecord } from '@invoicepress/database';
import { amountDecimals, canonicalJson, reportRules, type Format } from '@invoicepress/invoice';
import {
  bundleFormat,
  documentPath,
  logoPath,
  snapshotPath,
  templateMediaType,
  templatePath,
  toTemplate,
  toVersions,
  type Manifest,
  type ManifestFile,
} from '@invoicepress/proof';
import { createHash } from 'node:crypto';

/** A ready invoice whose payload is there: what a bundle is made of. */
export type ProvableRecord = ProofRecord & { readyAt: Date; payload: NonNullable<ProofRecord['payload']> };

export const isProvable = (record: ProofRecord): record is ProvableRecord =>
  record.status === 'ready' && record.readyAt !== null && record.payload !== null;

/** What the documents were made of, but for what is built in: the frozen invoice, its logo, and its tenant's template. */
export const materialsOf = (record: ProvableRecord): Material[] => {
  const { payload, templateFiles } = record;
  const snapshot = Buffer.from(canonicalJson(payload.issued)); // whether or not it is one of the documents
  const { logo } = payload;
  return [
    { path: snapshotPath, role: 'snapshot', mediaType: 'application/json', bytes: snapshot },
    ...(logo
      ? [{ path: logoPath(logo.mediaType), role: 'logo', mediaType: logo.mediaType, bytes: logo.bytes } as const]
      : []),
    ...templateFiles.map(
      ({ path, content }) =>
        ({ path: templatePath(path), role: 'template', mediaType: templateMediaType, bytes: content }) as const,
    ),
  ];
};
export type Material = Pick<ManifestFile, 'path' | 'role' | 'mediaType'> & { bytes: Uint8Array };

/** All of it follows from what is stored and from the rules of this version; no clock, so it is the same at every request. */
export const toManifest = (record: ProvableRecord, materials: Material[]): Manifest => {
  const { payload, documents } = record;
  const decimals = amountDecimals(record.currency);
  const madeWith = documents[0]?.madeWith;
  return {
    format: bundleFormat,
    invoice: {
      id: record.id,
      tenantId: record.tenantId,
      number: record.number,
      typeCode: record.typeCode,
      issueDate: record.issueDate.toISOString().slice(0, 10),
      currency: record.currency,
      totals: {
        taxExclusive: record.taxExclusive.toFixed(decimals),
        tax: record.tax.toFixed(decimals),
        taxInclusive: record.taxInclusive.toFixed(decimals),
        payable: record.payable.toFixed(decimals),
      },
      generation: record.generation,
      acceptedAt: record.createdAt.toISOString(),
      readyAt: record.readyAt.toISOString(),
    },
    template: toTemplate(payload.template),
    madeWith: madeWith ? toVersions(madeWith) : null,
    acceptedUnder: payload.ruleSet,
    rules: reportRules(payload.issued),
    files: [...materials.map(materialFile), ...documents.map(documentFile)],
    events: eventsOf(record),
  };
};

const materialFile = ({ bytes, ...file }: Material): ManifestFile => ({
  ...file,
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const documentFile = (document: ProvableRecord['documents'][number]): ManifestFile => ({
  path: documentPath(document.format as Format),
  role: 'document',
  format: document.format as Format,
  mediaType: document.mediaType,
  sizeBytes: document.sizeBytes,
  sha256: document.sha256,
  ...(document.pageCount !== null && { pages: document.pageCount }),
});

/** From acceptance to `ready`. What comes later, such as a credit note, is not about how the documents came to be. */
const eventsOf = ({ events }: ProvableRecord): Manifest['events'] => {
  const ready = events.findIndex(({ type }) => type === 'invoice.ready');
  return events.slice(0, ready + 1).map(({ id, type, createdAt, data }) => {
    const { status, generation, failure } = data as Pick<
      Manifest['events'][number],
      'status' | 'generation' | 'failure'
    >;
    return { id, type, createdAt: createdAt.toISOString(), status, generation, ...(failure && { failure }) };
  });
};
