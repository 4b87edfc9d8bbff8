import { findProof, withTenant } from '@invoicepress/database';
import { documentPath, maxContentBytes, writeBundle } from '@invoicepress/proof';
import type { Format } from '@invoicepress/invoice';
import type { RequestHandler } from 'express';
import { finished } from 'node:stream/promises';
import { callerOf } from '../auth/authenticate.ts';
import type { Context } from '../context.ts';
import { RequestProblem, unavailable } from '../problems.ts';
import { isProvable, materialsOf, toManifest, type ProvableRecord } from '../proof.ts';
import { noDocuments } from './get-document.ts';
import { invoiceIdOf, invoiceNotFound } from './parameters.ts';

/** Milliseconds that a client may take to read a bundle: until then its bytes are in our memory. */
const READ_TIMEOUT_MS = 60_000;

/**
 * `GET /v1/invoices/{id}/documents/bundle`: the proof bundle of a ready invoice, made anew for each request, with the
 * same bytes. It is whole in memory before the answer begins, so that whatever is away is said as a problem, and a
 * client knows from the length that nothing is missing.
 */
export const getProof = ({
  database,
  storage,
  proofSigner,
}: Pick<Context, 'database' | 'storage' | 'proofSigner'>): RequestHandler => {
  const memory = createBudget(maxContentBytes); // in fact twice that, while a bundle is put together
  return async (req, res) => {
    const id = invoiceIdOf(req.params);
    const record = await withTenant(database, callerOf(req).tenantId, (tx) => findProof(tx, id));
    if (!record) throw invoiceNotFound();
    if (!isProvable(record)) throw noDocuments(record);

    const materials = materialsOf(record);
    using _ = memory.take(bytesOf(record) + materials.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const files = new Map(materials.map(({ path, bytes }) => [path, bytes]));
    for (const { format, storageKey } of record.documents)
      files.set(documentPath(format as Format), await storage.get(storageKey));
    const bundle = await writeBundle(toManifest(record, materials), files, proofSigner);
    res.attachment(`${record.number.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.proof.zip`);
    res.set({ 'cache-control': 'no-store', 'content-type': 'application/zip' });
    const tooSlow = setTimeout(() => res.destroy(), READ_TIMEOUT_MS);
    res.send(bundle);
    await finished(res).catch(() => {}); // the reader went away: nothing is left to say
    clearTimeout(tooSlow);
  };
};

const bytesOf = ({ documents }: ProvableRecord): number => documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** So many bytes in hand at a time, whoever asks; those who come too many are told to come back. */
export const createBudget = (bytes: number) => {
  let left = bytes;
  return {
    /** @throws {RequestProblem} */
    take(wanted: number): Disposable {
      if (wanted > bytes)
        throw new RequestProblem(
          'too-large',
          `the documents have ${wanted} bytes together, and a proof bundle ${bytes} at most; fetch them one by one`,
        );
      if (wanted > left) throw unavailable('the memory for one more proof bundle');
      left -= wanted;
      return { [Symbol.dispose]: () => (left += wanted) };
    },
  };
};
