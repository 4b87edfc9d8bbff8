/** One invoice, several documents: do they all state what the invoice says? */
import { decimal, formatInfo, type DecimalString, type IssuedInvoice } from '@invoicepress/invoice';
import type { RenderedDocument } from '../render.ts';
import { toJson } from '../snapshot.ts';
import { plain, printedAmounts as amountsAnywhere, printedTotals, readPdf, showsCurrency, type Read } from './pages.ts';
import { partiesInXml, partiesOnPages } from './parties.ts';
import { sameAmount, statedBy, totalNames, type Stated, type TotalName } from './totals.ts';
import { readXml } from './xml.ts';

/**
 * Reads number, currency, totals and the parties back from each document, a PDF from the text of its pages, and compares
 * them with the invoice. What is attached to a Factur-X document must be the CII document, byte for byte where there is one.
 *
 * The pages of an uploaded template are its author's. Totals need not stand beside the words that ours have for them, nor
 * need it print the seller, whose name is often a picture of the letterhead: asked for is what differs from one invoice to
 * the next, and so can have come from this invoice alone. `unread` leaves pages out, and what is attached to them not.
 * @returns a sentence for each difference
 * @throws {Error} for a PDF that cannot be read
 */
export async function findDifferences(
  documents: RenderedDocument[],
  invoice: IssuedInvoice,
  pages: keyof typeof onPages = 'ours',
): Promise<string[]> {
  const cii = documents.find(({ format }) => format === 'cii')?.bytes;
  const differences: string[] = [];
  for (const { format, bytes } of documents) {
    const found =
      format === 'json'
        ? differsFromSnapshot(bytes, invoice)
        : formatInfo[format].mediaType === 'application/pdf'
          ? await inPdf(bytes, invoice, { hybrid: format === 'facturx', cii, pages })
          : inXml(bytes, invoice);
    differences.push(...found.map((difference) => `The ${format} document ${difference}.`));
  }
  return differences;
}

const differsFromSnapshot = (bytes: Uint8Array, invoice: IssuedInvoice): string[] =>
  Buffer.from(toJson(invoice)).equals(bytes) ? [] : ['is not the invoice as it was frozen'];

function inXml(bytes: Uint8Array, invoice: IssuedInvoice): string[] {
  const xml = Buffer.from(bytes).toString();
  const [stated, expected] = [readXml(xml), statedBy(invoice)];
  const labels = (['number', 'currency'] as const).flatMap((name) =>
    stated[name] === expected[name] ? [] : [`states the ${name} ${stated[name]}, not ${expected[name]}`],
  );
  const totals = totalNames.flatMap((name) =>
    sameAmount(stated.totals[name], expected.totals[name])
      ? []
      : [`states ${stated.totals[name]} for ${name}, not ${expected.totals[name]}`],
  );
  return [...labels, ...totals, ...partiesInXml(xml, invoice)];
}

async function inPdf(
  bytes: Uint8Array,
  invoice: IssuedInvoice,
  { hybrid, cii, pages }: { hybrid: boolean; cii: Uint8Array | undefined; pages: keyof typeof onPages },
): Promise<string[]> {
  const { lines, attachments } = await readPdf(bytes);
  const differences = onPages[pages](lines, invoice);
  if (!hybrid) return differences;
  const [attached, ...more] = attachments.values();
  if (!attached || more.length > 0) return [...differences, `has ${attachments.size} attachments, not one`];
  if (cii && !Buffer.from(cii).equals(attached)) differences.push('has not the cii document attached');
  return [...differences, ...inXml(attached, invoice).map((each) => `has an attachment that ${each}`)];
}

const onPages = {
  ours(lines: Read['lines'], invoice: IssuedInvoice): string[] {
    const printed = printedTotals(lines, invoice);
    const text = lines.join('');
    const differences = [...numberOnPages(text, invoice), ...partiesOnPages(text, invoice)];
    for (const [name, amount] of printedAmounts(statedBy(invoice))) {
      const found = printed(name);
      if (found.some((each) => sameAmount(each, amount))) continue;
      const instead = found.length > 0 ? `, but ${found.join(', ')}` : '';
      differences.push(`does not show ${amount} ${invoice.currency} for ${name}${instead}`);
    }
    return differences;
  },
  uploaded(lines: Read['lines'], invoice: IssuedInvoice): string[] {
    const isPrinted = amountsAnywhere(lines, invoice);
    const text = lines.join('');
    return [
      ...numberOnPages(text, invoice),
      ...partiesOnPages(text, invoice, ['buyer']),
      ...printedAmounts(statedBy(invoice))
        .filter(([, amount]) => !sameAmount(amount, '0') && !isPrinted(amount))
        .map(([name, amount]) => `shows ${amount} nowhere, which is ${name}`),
      ...(showsCurrency(text, invoice) ? [] : [`does not show its currency ${invoice.currency}`]),
    ];
  },
  unread: (): string[] => [],
};

const numberOnPages = (text: string, { number }: IssuedInvoice): string[] =>
  text.includes(plain(number)) ? [] : [`does not show its number ${number}`];

/**
 * The totals that the pages always show, what was paid as taken away, and those that are left out when they are zero.
 * The sum of the lines is not among them: without allowances and charges it would say what follows anyway.
 */
const printedAmounts = ({ totals }: Stated): [TotalName, DecimalString][] => [
  ['taxExclusive', totals.taxExclusive],
  ['tax', totals.tax],
  ['taxInclusive', totals.taxInclusive],
  ['payable', totals.payable],
  ...optional('prepaid', decimal(totals.prepaid).neg().toFixed()),
  ...optional('rounding', totals.rounding),
];

const optional = (name: TotalName, amount: DecimalString): [TotalName, DecimalString][] =>
  sameAmount(amount, '0') ? [] : [[name, amount]];
