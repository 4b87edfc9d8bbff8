import type { ExportDocument } from '@invoicepress/database';
import { amountDecimals } from '@invoicepress/invoice';
import { fileNameOf } from './file-name.ts';

const columns: Record<string, (document: ExportDocument) => string> = {
  number: ({ number }) => asText(number),
  type: ({ typeCode }) => typeCode,
  issueDate: ({ issueDate }) => day(issueDate),
  dueDate: ({ dueDate }) => (dueDate ? day(dueDate) : ''),
  buyer: ({ buyerName }) => asText(buyerName),
  currency: ({ currency }) => currency,
  taxExclusive: ({ taxExclusive, currency }) => taxExclusive.toFixed(amountDecimals(currency)),
  tax: ({ tax, currency }) => tax.toFixed(amountDecimals(currency)),
  taxInclusive: ({ taxInclusive, currency }) => taxInclusive.toFixed(amountDecimals(currency)),
  payable: ({ payable, currency }) => payable.toFixed(amountDecimals(currency)),
  format: ({ format }) => format,
  file: ({ number, format }) => fileNameOf(number, format),
  sizeBytes: ({ sizeBytes }) => String(sizeBytes),
  sha256: ({ sha256 }) => sha256,
  invoiceId: ({ invoiceId }) => invoiceId,
  externalId: ({ externalId }) => asText(externalId ?? ''),
};

const day = (date: Date): string => date.toISOString().slice(0, 10);

/**
 * Text that a client sent: a spreadsheet takes what begins so for a formula, which may send data elsewhere (OWASP, "CSV
 * Injection"). With an apostrophe in front it is text.
 */
const asText = (value: string): string => (/^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value);

/** RFC 4180, 2.5 to 2.7. */
const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

const row = (values: string[]): string => `${values.map(quoted).join(',')}\r\n`;

/** The index of an archive (RFC 4180, UTF-8): a header, and a row for each document. */
export const toCsv = (documents: ExportDocument[]): string =>
  row(Object.keys(columns)) +
  documents.map((document) => row(Object.values(columns).map((value) => value(document)))).join('');
