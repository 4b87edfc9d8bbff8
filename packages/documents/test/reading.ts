import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** The text of each page as a reader gets it by copying: items in their order, white space made single. */
export async function pageTexts(pdf: Uint8Array): Promise<string[]> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const texts: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
    texts.push(text.replace(/\s+/g, ' '));
  }
  await loading.destroy();
  return texts;
}

export const textOf = async (pdf: Uint8Array): Promise<string> => (await pageTexts(pdf)).join(' ');
