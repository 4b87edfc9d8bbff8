import {
  readPersonalData,
  readTenantData,
  withTenant,
  type Database,
  type DataSubject,
  type PersonalData,
} from '@invoicepress/database';
import { formatInfo, type Format } from '@invoicepress/invoice';
import type { Storage } from '@invoicepress/storage';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { buyersInvoices } from './buyers-invoices.ts';

interface ExporterParts {
  /** With the role invoicepress_privacy. */
  database: Database;
  storage: Pick<Storage, 'get'>;
}

/** Invoices that are read at a time. */
const PAGE = 50;

/**
 * Writes all that is kept of a buyer, or of a tenant, into a ZIP file: JSON lines, and the documents. Nothing is held in
 * memory but one page of rows and one document. @returns how many invoices and documents there are
 */
export const exportData = async (
  parts: ExporterParts,
  { tenantId, subject, file }: { tenantId: string; subject: DataSubject | undefined; file: string },
): Promise<{ invoices: number; documents: number }> => {
  const zip = new ZipFile();
  const counts = { invoices: 0, documents: 0 };
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  const written = pipeline(zip.outputStream, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  const fill = async () => {
    if (subject === undefined) {
      const data = await withTenant(parts.database, tenantId, readTenantData);
      zip.addBuffer(Buffer.from(`${toJson(data, 2)}\n`), 'tenant.json');
    }
    for (const kind of ['invoices', 'events', 'deliveries', 'auditEntries'] as const)
      await add(zip, `${kind}.jsonl`, linesOf(parts, tenantId, subject, kind, counts));
    for await (const { documents } of pagesOf(parts, tenantId, subject))
      for (const { invoiceId, number, format, storageKey } of documents) {
        const name = `documents/${number.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-${invoiceId}.${formatInfo[format as Format].extension}`;
        const bytes = Buffer.from(await parts.storage.get(storageKey));
        await add(zip, name, [bytes]);
        counts.documents += 1;
      }
    zip.end();
  };
  await Promise.race([Promise.all([fill(), written]), failed]);
  return counts;
};

/** Adds an entry, and waits until it was read to its end. */
const add = (zip: ZipFile, name: string, content: AsyncIterable<Buffer> | Buffer[]): Promise<void> => {
  const stream = Readable.from(content, { objectMode: false });
  return new Promise((resolve, reject) => {
    stream.once('end', resolve).once('error', reject);
    zip.addReadStream(stream, name);
  });
};

type Kind = 'invoices' | 'events' | 'deliveries' | 'auditEntries';

async function* linesOf(
  parts: ExporterParts,
  tenantId: string,
  subject: DataSubject | undefined,
  kind: Kind,
  counts: { invoices: number },
): AsyncGenerator<Buffer> {
  for await (const page of pagesOf(parts, tenantId, subject)) {
    if (kind === 'invoices') counts.invoices += page.invoices.length;
    if (page[kind].length > 0) yield Buffer.from(page[kind].map((row) => `${toJson(row)}\n`).join(''));
  }
}

async function* pagesOf(
  { database }: ExporterParts,
  tenantId: string,
  subject: DataSubject | undefined,
): AsyncGenerator<PersonalData> {
  for await (const found of buyersInvoices(database, { tenantId, subject, pageSize: PAGE })) {
    const ids = found.map(({ id }) => id);
    if (ids.length > 0) yield await withTenant(database, tenantId, (tx) => readPersonalData(tx, ids));
  }
}

const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_name, member: unknown) => (typeof member === 'bigint' ? Number(member) : member), indent);
