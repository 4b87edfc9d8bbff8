/**
 * Factur-X, in Germany ZUGFeRD: the PDF that people read, and inside it the same invoice for machines. The PDF is left
 * as it is, byte for byte; an incremental update after it attaches the XML and says so.
 */
import type { IssuedInvoice, Profile } from '@invoicepress/invoice';
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { TemplateError } from '../template-error.ts';
import { describeAttachment, type Attached } from './metadata.ts';
import { appendUpdate, dictionary, dictionaryOf, openPdf, reference, stream, streamOf } from './pdf.ts';

/** Node's own default, fixed because the same document must give the same bytes; the highest saves 2 % for twice the time. */
const compression = { level: 6 };

/**
 * @param pdf PDF/A-3b as Typst writes it
 * @param cii the invoice as UN/CEFACT Cross Industry Invoice; attached as it is
 * @throws {TemplateError} when the template attaches files of its own
 * @throws {Error} when the PDF is not of the form that Typst writes
 */
export function toFacturX(
  pdf: Uint8Array,
  cii: string,
  { issueDate, profiles }: Pick<IssuedInvoice, 'issueDate' | 'profiles'>,
): Uint8Array {
  const file = openPdf(pdf);
  const root = reference(file.trailer, 'Root');
  const catalog = dictionaryOf(file, root).lines;
  const metadata = reference(catalog, 'Metadata');
  const attached = attachedAs(profiles);
  const xml = Buffer.from(cii);
  const xmp = Buffer.from(describeAttachment(streamOf(file, metadata).toString(), attached));
  const [embedded, specification] = [file.size, file.size + 1];
  return appendUpdate(
    file,
    [
      { number: metadata, content: stream('  /Type /Metadata\n  /Subtype /XML', xmp) },
      { number: root, content: dictionary(withAttachment(catalog, attached.fileName, specification)) },
      { number: embedded, content: embeddedFile(xml, issueDate) },
      { number: specification, content: dictionary(fileSpecification(attached.fileName, embedded)) },
    ],
    createHash('md5').update(file.trailer).update(xml).digest('base64'),
  );
}

/** Names and versions as the samples of ZUGFeRD 2.3 have them. */
const attachedAs = (profiles: readonly Profile[]): Attached =>
  profiles.includes('xrechnung')
    ? { fileName: 'xrechnung.xml', conformanceLevel: 'XRECHNUNG', version: '3.0' }
    : { fileName: 'factur-x.xml', conformanceLevel: 'EN 16931', version: '1.0' };

/** ISO 32000-1, 7.11.4. The MIME type is the one that Factur-X asks for; the checksum is MD5 by definition. */
const embeddedFile = (xml: Buffer, issueDate: string): Buffer =>
  stream(
    `  /Filter /FlateDecode
  /Type /EmbeddedFile
  /Subtype /text#2Fxml
  /Params <<
    /Size ${xml.length}
    /CheckSum <${createHash('md5').update(xml).digest('hex')}>
    /ModDate (D:${issueDate.replaceAll('-', '')}000000Z)
  >>`,
    deflateSync(xml, compression),
  );

/** ISO 32000-1, 7.11.3, and 19005-3, 6.8. The XML says the same as the pages, so it is an alternative to them. */
const fileSpecification = (fileName: string, embedded: number): string =>
  `  /Type /Filespec
  /F (${fileName})
  /UF (${fileName})
  /EF <<
    /F ${embedded} 0 R
    /UF ${embedded} 0 R
  >>
  /AFRelationship /Alternative
  /Desc (Factur-X invoice)`;

/** The catalog with the file in its name tree, beside the destinations of links, and associated with the document. */
function withAttachment(catalog: string, fileName: string, specification: number): string {
  if (/^ {2}(?:\/AF |  \/EmbeddedFiles )/m.test(catalog)) {
    throw new TemplateError(
      'The template attaches a file of its own, and a Factur-X document has the invoice alone.',
      'Remove pdf.attach from the template, or leave facturx out of the formats.',
    );
  }
  const tree = `    /EmbeddedFiles <<\n      /Names [(${fileName}) ${specification} 0 R]\n    >>`;
  const names = '\n  /Names <<\n';
  const extended = catalog.includes(names)
    ? catalog.replace(names, `${names}${tree}\n`)
    : `${catalog}${names}${tree}\n  >>`;
  return `${extended}\n  /AF [${specification} 0 R]`;
}
