import type { CreateExport, DocumentLink, Export, ExportPage, ListExports } from './contract/index.ts';
import { WaitTimeout } from './problem-error.ts';
import { send, type TransportOptions } from './transport.ts';
import type { SendJson } from './webhook-methods.ts';

export interface WaitForExportOptions {
  /** Milliseconds until WaitTimeout; ten minutes when absent. */
  timeoutMs?: number;
  /** Called after every look. */
  onProgress?: (found: Export) => void;
}

const exports = '/v1/exports';
const one = (id: string): string => `${exports}/${encodeURIComponent(id)}`;
const POLL_MIN_MS = 250;
const POLL_MAX_MS = 5_000;

/** The part of the client that is about exports. */
export const exportMethods = (
  json: SendJson,
  keyed: (key?: string) => Record<string, string>,
  options: TransportOptions,
) => {
  const methods = {
    /** Starts packing the documents of all ready invoices that match. */
    createExport: (given: CreateExport = {}, { idempotencyKey }: { idempotencyKey?: string } = {}) =>
      json<Export>('POST', exports, { body: given, headers: keyed(idempotencyKey) }),
    listExports: (query: ListExports = {}) => {
      const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return json<ExportPage>('GET', `${exports}?${new URLSearchParams(given)}`);
    },
    getExport: (id: string) => json<Export>('GET', one(id)),
    cancelExport: (id: string, { idempotencyKey }: { idempotencyKey?: string } = {}) =>
      json<Export>('POST', `${one(id)}/cancel`, { headers: keyed(idempotencyKey) }),
    getArchiveLink: (id: string, part = 1) => json<DocumentLink>('GET', `${one(id)}/archive?part=${part}`),

    /** Waits until it is neither queued nor running, looking less often the longer it takes. @throws {WaitTimeout} */
    waitForExport: async (
      id: string,
      { timeoutMs = 600_000, onProgress }: WaitForExportOptions = {},
    ): Promise<Export> => {
      const deadline = Date.now() + timeoutMs;
      for (let pauseMs = POLL_MIN_MS; ; pauseMs = Math.min(POLL_MAX_MS, pauseMs * 1.5)) {
        const found = await methods.getExport(id);
        onProgress?.(found);
        if (found.status !== 'queued' && found.status !== 'running') return found;
        if (Date.now() > deadline)
          throw new WaitTimeout(`export ${id} is not finished after ${timeoutMs} ms; are the workers running?`);
        await options.sleep(pauseMs);
      }
    },

    /** The archives of a ready export, one after the other, each fetched by a fresh pre-signed URL. */
    async *downloadExport(id: string): AsyncGenerator<{ bytes: Uint8Array; link: DocumentLink }> {
      const { parts } = await methods.getExport(id);
      for (const { number } of parts) {
        const link = await methods.getArchiveLink(id, number);
        const bytes = await send(link.url, {}, async (answer) => new Uint8Array(await answer.arrayBuffer()), options);
        yield { bytes, link };
      }
    },
  };
  return methods;
};
