/** The document's XMP metadata (ISO 16684-1), to which Factur-X adds what is attached. */

export interface Attached {
  fileName: string;
  conformanceLevel: string;
  version: string;
}

const namespace = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';

/** Properties that PDF/A does not know must be described in the file itself (ISO 19005-3, 6.6.2.3). */
const properties = {
  DocumentFileName: 'The name of the embedded XML document',
  DocumentType: 'The type of the hybrid document in capital letters, e.g. INVOICE or ORDER',
  Version: 'The actual version of the standard applying to the embedded XML document',
  ConformanceLevel: 'The conformance level of the embedded XML document',
};

const schema = resource(`<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>${namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq>${Object.entries(properties).map(describe).join('')}</rdf:Seq></pdfaSchema:property>`);

/**
 * The same metadata, with the extension schema of Factur-X 1.0 and its properties (chapter 6.2.2 of its specification).
 * @throws Error when it has no list of extension schemas to add to
 */
export function describeAttachment(xmp: string, { fileName, conformanceLevel, version }: Attached): string {
  const values = `<rdf:Description rdf:about="" xmlns:fx="${namespace}"><fx:DocumentType>INVOICE</fx:DocumentType>\
<fx:DocumentFileName>${fileName}</fx:DocumentFileName><fx:Version>${version}</fx:Version>\
<fx:ConformanceLevel>${conformanceLevel}</fx:ConformanceLevel></rdf:Description>`;
  return insert(insert(xmp, '</rdf:Bag></pdfaExtension:schemas>', schema), '</rdf:RDF>', values);
}

function insert(xmp: string, before: string, addition: string): string {
  const [head, tail, ...more] = xmp.split(before);
  if (tail === undefined || more.length > 0) {
    throw new Error(
      `The PDF's metadata has not exactly one ${before}. Pin Typst, or teach facturx/metadata.ts its form.`,
    );
  }
  return `${head}${addition}${before}${tail}`;
}

function describe([name, description]: [name: string, description: string]): string {
  return resource(`<pdfaProperty:category>external</pdfaProperty:category>\
<pdfaProperty:description>${description}</pdfaProperty:description><pdfaProperty:name>${name}</pdfaProperty:name>\
<pdfaProperty:valueType>Text</pdfaProperty:valueType>`);
}

function resource(content: string): string {
  return `<rdf:li rdf:parseType="Resource">${content}</rdf:li>`;
}
