import type { ProofRecord } from '@invoicepress/database';
import { amountDecimals, canonicalJson, reportRules, type Format } from '@invoicepress/invoice';
import {
  bundleFormat,
  documentPath,
  snapshotPath,
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

/** The frozen invoice as the bundle has it, whether or not it is one of the documents. */
export const snapshotOf = ({ payload }: ProvableRecord): Buffer => Buffer.from(canonicalJson(payload.issued));

/** All of it follows from what is stored and from the rules of this version; no clock, so it is the same at every request. */
export const toManifest = (record: ProvableRecord, snapshot: Buffer): Manifest => {
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
    files: [snapshotFile(snapshot), ...documents.map(documentFile)],
    events: eventsOf(record),
  };
};

const snapshotFile = (bytes: Buffer): ManifestFile => ({
  path: snapshotPath,
  role: 'snapshot',
  mediaType: 'application/json',
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
