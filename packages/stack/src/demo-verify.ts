import type { DocumentLink, Format, Invoice, SubmitInvoice } from '@invoicepress/client';
import { createHash } from 'node:crypto';
import { readPdf } from './verify/pdf.ts';
import { inLanguage, plain, showsAmount, withoutSpaces } from './verify/printed.ts';
import { readFigures } from './verify/structured.ts';

export interface Download {
  format: Format;
  bytes: Uint8Array;
  link: Pick<DocumentLink, 'sizeBytes' | 'sha256'>;
  /** As the API answers. */
  invoice: Pick<Invoice, 'number' | 'currency'> & { totals: Pick<Invoice['totals'], 'taxInclusive' | 'payable'> };
  /** As it was handed in; the document speaks its language. */
  submitted: Pick<SubmitInvoice, 'language'>;
}

export interface Verified {
  /** Of formats that have pages. */
  pages: number;
  /** What a PDF carries, by file name. */
  attachments: Map<string, Uint8Array>;
}

/**
 * Checks a downloaded document as its receiver would: nothing was lost or changed on the way (size, SHA-256), it opens,
 * and it has the invoice's number (BT-1) and its gross total (BT-112): printed as the invoice's language writes it, or
 * in the elements of its syntax.
 * @throws {Error} naming what differs
 */
export const verifyDocument = async (download: Download): Promise<Verified> => {
  const { format, bytes, link } = download;
  const expect: Expect = (condition, difference) => {
    if (!condition) throw new Error(`the ${format} document of invoice ${download.invoice.number} ${difference}`);
  };
  expect(bytes.length === link.sizeBytes, `has ${bytes.length} bytes, the API says ${link.sizeBytes}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(sha256 === link.sha256, `has the SHA-256 ${sha256}, the API says ${link.sha256}`);
  if (format === 'pdf' || format === 'facturx') return verifyPrinted(download, expect);
  verifyStructured(download, readFigures[format], expect);
  return { pages: 0, attachments: new Map() };
};

type Expect = (condition: boolean, difference: string) => void;

const verifyPrinted = async ({ format, bytes, invoice, submitted }: Download, expect: Expect): Promise<Verified> => {
  const { number, currency, totals } = invoice;
  const contents = await readPdf(bytes).catch((cause: unknown) => {
    throw new Error(`the ${format} document of invoice ${number} cannot be read`, { cause });
  });
  const text = plain(contents.text);
  expect(withoutSpaces(text).includes(withoutSpaces(plain(number))), 'does not show its number');
  const gross = plain(inLanguage(totals.taxInclusive, currency, submitted.language ?? 'en'));
  expect(showsAmount(text, gross), `does not show its gross total, ${gross}`);
  return contents;
};

const verifyStructured = (
  { bytes, invoice: { number, totals } }: Download,
  read: (typeof readFigures)[keyof typeof readFigures],
  expect: Expect,
): void => {
  const found = read(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  expect(found.number === number, `has the number "${found.number}"`);
  const { taxInclusive, payable } = totals;
  expect(
    found.taxInclusive === taxInclusive,
    `has the gross total ${found.taxInclusive}, the API says ${taxInclusive}`,
  );
  expect(found.payable === payable, `has ${found.payable} to be paid, the API says ${payable}`);
};

/**
 * One invoice in two shapes: the XML in a Factur-X file is the CII document, byte for byte.
 * @throws {Error} when it is not
 */
export const verifyEmbedded = (number: string, attachments: Map<string, Uint8Array>, cii: Uint8Array): void => {
  const embedded = attachments.get('factur-x.xml') ?? attachments.get('xrechnung.xml');
  if (!embedded) throw new Error(`the facturx document of invoice ${number} has no XML in it`);
  if (!Buffer.from(embedded).equals(cii))
    throw new Error(`the XML in the facturx document of invoice ${number} is not its cii document`);
};
