import type { ExportDocument } from '@invoicepress/database';
import { formatInfo } from '@invoicepress/invoice';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { toCsv } from './csv.ts';
import { fileNameOf, indexNameOf } from './file-name.ts';

/** Documents that are read at a time. */
const READ_AHEAD = 8;

/**
 * One part of an export as a ZIP archive: its documents, and an index of them. Documents are read a few at a time, and
 * what is held in memory is the archive itself, which its caller bounds. PDFs are packed as they are, since they are
 * compressed already.
 * @param read gives a document's bytes
 * @param onProgress is awaited now and then, and may throw to give up
 */
export const packPart = async (
  documents: ExportDocument[],
  part: number,
  read: (document: ExportDocument) => Promise<Uint8Array>,
  onProgress: () => Promise<void>,
): Promise<Uint8Array> => {
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  const packed = Promise.race([buffer(zip.outputStream), failed]);
  packed.catch(() => undefined); // heard at the end, unless reading fails before
  for (let start = 0; start < documents.length; start += READ_AHEAD) {
    await onProgress();
    const some = documents.slice(start, start + READ_AHEAD);
    const bytes = await Promise.all(some.map(read));
    some.forEach((document, i) =>
      zip.addBuffer(asBuffer(bytes[i] ?? new Uint8Array()), fileNameOf(document.number, document.format), {
        mtime: document.issueDate,
        compress: formatInfo[document.format].mediaType !== 'application/pdf',
      }),
    );
  }
  // A fixed date: the same documents make the same archive.
  zip.addBuffer(Buffer.from(toCsv(documents)), indexNameOf(part), { mtime: documents.at(-1)?.issueDate ?? EPOCH });
  zip.end();
  return packed;
};

/** The earliest that a ZIP can say. */
const EPOCH = new Date('1980-01-02T00:00:00Z');

const asBuffer = ({ buffer: shared, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(shared, byteOffset, byteLength);
