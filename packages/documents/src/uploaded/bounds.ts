/** What the PDF of somebody's own template may be. */
import { dictionaryOf, openPdf, reference } from '../facturx/pdf.ts';

export const maxPages = 1_000;
/** Points along each side: 200 inches, which readers go along with (ISO 32000-1, annex C). */
export const maxPagePoints = 14_400;
export const maxPdfBytes = 16 * 2 ** 20;

/** Why this PDF may not become a document; undefined when it may. */
export const faultInPdf = (pdf: Buffer, pages: number): { message: string; hint: string } | undefined => {
  if (pdf.length > maxPdfBytes)
    return {
      message: `the document has ${pdf.length} bytes, and may have ${maxPdfBytes}`,
      hint: 'use smaller images, or fewer',
    };
  // Page objects stand in the open, one /MediaBox each.
  const boxes = [...pdf.toString('latin1').matchAll(/\/MediaBox \[([\d. -]+)\]/g)].map(([, box = '']) =>
    box.split(' ').map(Number),
  );
  if (boxes.length < pages) throw new Error('A page of the PDF has no /MediaBox. Pin Typst, or read sizes elsewhere.');
  if (boxes.some(([left = 0, bottom = 0, right = 0, top = 0]) => Math.max(right - left, top - bottom) > maxPagePoints))
    return {
      message: `a page is larger than ${maxPagePoints} points along a side`,
      hint: 'set the page to a paper size, such as invoice.paper',
    };
  const file = openPdf(pdf);
  if (/^ {2}(?:\/AF |  \/EmbeddedFiles )/m.test(dictionaryOf(file, reference(file.trailer, 'Root')).lines))
    return {
      message: 'the template attaches a file, and the only attachment of a document is the invoice itself',
      hint: 'remove pdf.attach',
    };
};
