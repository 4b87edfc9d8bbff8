import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PdfContents {
  /** The text of all pages, run by run. */
  text: string;
  pages: number;
  /** Bytes by file name. */
  attachments: Map<string, Uint8Array>;
}

/** What a receiver's program finds in a PDF. @throws when it is none */
export const readPdf = async (bytes: Uint8Array): Promise<PdfContents> => {
  // A copy, because the reader takes possession of the buffer.
  const loading = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  try {
    const pdf = await loading.promise;
    const runs: string[] = [];
    for (let page = 1; page <= pdf.numPages; page++) {
      const { items } = await (await pdf.getPage(page)).getTextContent();
      for (const item of items) if ('str' in item) runs.push(item.str);
    }
    const attachments = new Map<string, Uint8Array>();
    for (const id of (await pdf.getAttachments())?.keys() ?? []) {
      const content = await pdf.getAttachmentContent(id);
      if (content) attachments.set(id, content);
    }
    return { text: runs.join('\n'), pages: pdf.numPages, attachments };
  } finally {
    await loading.destroy();
  }
};
