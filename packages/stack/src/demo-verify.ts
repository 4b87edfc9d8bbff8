import type { DocumentLink, Invoice, SubmitInvoice } from '@invoicepress/client';
import { createHash } from 'node:crypto';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface Download {
  bytes: Uint8Array;
  link: Pick<DocumentLink, 'sizeBytes' | 'sha256'>;
  /** As the API answers. */
  invoice: Pick<Invoice, 'number' | 'currency' | 'totals'>;
  /** As it was handed in; the document speaks its language. */
  submitted: Pick<SubmitInvoice, 'language'>;
}

/**
 * Checks a downloaded PDF as its receiver would: nothing was lost or changed on the way (size, SHA-256), it opens, and
 * it shows the invoice's number and its gross total (BT-112) as the invoice's language writes it.
 * @throws {Error} naming what differs
 */
export const verifyDocument = async ({ bytes, link, invoice, submitted }: Download): Promise<{ pages: number }> => {
  const { number, currency, totals } = invoice;
  const expect = (condition: boolean, difference: string) => {
    if (!condition) throw new Error(`the PDF of invoice ${number} ${difference}`);
  };
  expect(bytes.length === link.sizeBytes, `has ${bytes.length} bytes, the API says ${link.sizeBytes}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(sha256 === link.sha256, `has the SHA-256 ${sha256}, the API says ${link.sha256}`);

  const { text, pages } = await readPdf(bytes, number);
  expect(withoutSpaces(text).includes(withoutSpaces(plain(number))), 'does not show its number');
  const gross = plain(inLanguage(totals.taxInclusive, currency, submitted.language ?? 'en'));
  expect(showsAmount(text, gross), `does not show its gross total, ${gross}`);
  return { pages };
};

const readPdf = async (bytes: Uint8Array, number: string): Promise<{ text: string; pages: number }> => {
  // A copy, because the reader takes possession of the buffer.
  const loading = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  try {
    const pdf = await loading.promise;
    const runs: string[] = [];
    for (let page = 1; page <= pdf.numPages; page++) {
      const { items } = await (await pdf.getPage(page)).getTextContent();
      for (const item of items) if ('str' in item) runs.push(item.str);
    }
    return { text: plain(runs.join('\n')), pages: pdf.numPages };
  } catch (error) {
    throw new Error(`the PDF of invoice ${number} cannot be read`, { cause: error });
  } finally {
    await loading.destroy();
  }
};

/**
 * The amount with the language's own separators (which may be others for money than for plain numbers, as in Austria),
 * but without its currency: where that stands differs most.
 */
const inLanguage = (amount: string, currency: string, language: string): string => {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // Intl takes a decimal string digit for digit; its type only admits literals.
  const parts = format.formatToParts(amount as Intl.StringNumericLiteral);
  return parts.map(({ type, value }) => (type === 'currency' || type === 'literal' ? '' : value)).join('');
};

/** A whole amount, not the tail or the head of a longer one: 938.72 is not shown by 7,938.72. */
const showsAmount = (text: string, amount: string): boolean =>
  new RegExp(`(?<!\\d[.,' ]?)${amount.replaceAll('.', '\\.')}(?![.,']?\\d)`).test(text);

/** One form for what reads alike: ASCII digits and separators, ordinary spaces, no marks that steer direction or line breaks. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replaceAll('٬', ',')
    .replaceAll('٫', '.')
    .replaceAll('’', "'")
    .replaceAll(/[^\S\n]+/g, ' ');

const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '');
