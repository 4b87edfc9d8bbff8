import {
  cancelExport,
  createExport,
  databaseSettings,
  findExport,
  openDatabase,
  withTenant,
  type ExportFilter,
  type ExportRecord,
} from '@invoicepress/database';
import { formatInfo, type Format, type InvoiceDraft } from '@invoicepress/invoice';
import { objectKey } from '@invoicepress/storage';
import { createTelemetry } from '@invoicepress/telemetry';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { readConfig } from '../src/config.ts';
import { startExports } from '../src/exports/index.ts';
import { aSite, eventually, type Site, type SiteOptions } from './site.ts';

export interface ExportSite extends Site {
  /** Invoices that are ready, with these bytes in each format. */
  ready(drafts: Partial<InvoiceDraft>[], formats: Format[], bytes: Uint8Array): Promise<void>;
  create(filter?: ExportFilter): Promise<string>;
  cancel(id: string): Promise<void>;
  find(id: string): Promise<ExportRecord>;
  /** The part of a worker that packs exports; it stops with the site. */
  pack(environment?: Record<string, string>): Promise<AsyncDisposable>;
  untilStatus(id: string, status: string): Promise<ExportRecord>;
  /** File names and contents of all its archives. */
  unpack(id: string): Promise<Map<string, Buffer>>;
}

const CHUNK = 500;

export const anExportSite = async (options: SiteOptions = {}): Promise<ExportSite> => {
  const parts = new AsyncDisposableStack();
  const site = parts.use(await aSite(options));
  const { environment, superuser, storage, tenantId, clientId } = site;
  const open = (url: string) =>
    parts.use(openDatabase(databaseSettings.parse({ DATABASE_URL: url }), { applicationName: 'exports' }));
  const database = open(environment['DATABASE_URL']!);
  const sweeperDatabase = open(environment['SWEEPER_DATABASE_URL']!);
  const find: ExportSite['find'] = async (id) =>
    (await withTenant(superuser, tenantId, (tx) => findExport(tx, id))) ?? Promise.reject(new Error('no such export'));
  return {
    ...site,
    ready: async (drafts, formats, bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const objects = formats.map((format) => {
        const { mediaType, extension } = formatInfo[format];
        return { format, mediaType, key: objectKey({ tenantId, invoiceId: 'shared', sha256, extension }) };
      });
      for (const { key, mediaType } of objects) await storage.put({ key, bytes, mediaType, sha256 });
      for (let i = 0; i < drafts.length; i += CHUNK) await site.accept(...drafts.slice(i, i + CHUNK));
      // As a worker leaves them, for all at once.
      await superuser.prisma.$transaction([
        superuser.prisma.$executeRaw`UPDATE invoice SET status = 'rendering', lease_epoch = 1 WHERE status = 'queued'`,
        superuser.prisma.$executeRaw`UPDATE invoice SET status = 'ready', ready_at = now() WHERE status = 'rendering'`,
        superuser.prisma.$executeRaw`
          INSERT INTO document (id, tenant_id, invoice_id, format, storage_key, sha256, size_bytes, media_type)
          SELECT uuidv7(), tenant_id, invoice.id, object.format, object.key, ${sha256}, ${bytes.byteLength}, object."mediaType"
          FROM invoice, jsonb_to_recordset(${JSON.stringify(objects)}::jsonb) AS object (format text, key text, "mediaType" text)
          WHERE NOT EXISTS (SELECT 1 FROM document WHERE invoice_id = invoice.id) AND status = 'ready'`,
      ]);
    },
    create: async (filter = {}) => {
      const outcome = await withTenant(superuser, tenantId, (tx) => createExport(tx, { clientId, filter }));
      if ('refused' in outcome) throw new Error(`no export: ${outcome.refused}`);
      return outcome.created.id;
    },
    cancel: async (id) => void (await withTenant(superuser, tenantId, (tx) => cancelExport(tx, id))),
    find,
    pack: async (given = {}) => {
      const config = readConfig({ ...environment, ...given });
      const telemetry = createTelemetry({ service: 'worker', level: 'info', destination: new PassThrough().resume() });
      return parts.use(await startExports({ database, sweeperDatabase, storage, telemetry, config }));
    },
    untilStatus: async (id, status) => {
      await eventually(`the export is ${status}`, async () => (await find(id)).status === status);
      return find(id);
    },
    unpack: async (id) => {
      const files = new Map<string, Buffer>();
      for (const { storageKey } of (await find(id)).parts) {
        for (const [name, bytes] of await unzip(Buffer.from(await storage.get(storageKey)))) {
          if (files.has(name)) throw new Error(`${name} is there twice`);
          files.set(name, bytes);
        }
      }
      return files;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
};

/** By a reader that is not ours, which checks sizes and CRCs. */
const unzip = async (archive: Buffer): Promise<[string, Buffer][]> => {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(archive, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const read = (entry: Entry) =>
    new Promise<Buffer>((resolve, reject) =>
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(buffer(stream)))),
    );
  const files: [string, Buffer][] = [];
  for await (const entry of entriesOf(zip)) files.push([entry.fileName, await read(entry)]);
  return files;
};

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (let left = zip.entryCount; left > 0; left--) {
    const next = once(zip, 'entry') as Promise<[Entry]>;
    zip.readEntry();
    yield (await next)[0];
  }
}
