import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** The text of each page as a reader gets it by copying: items in their order, white space made single. */
export async function pageTexts(pdf: Uint8Array): Promise<string[]> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const texts: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join(' ');
    texts.push(text.replace(/\s+/g, ' '));
  }
  await loading.destroy();
  return texts;
}

export const textOf = async (pdf: Uint8Array): Promise<string> => (await pageTexts(pdf)).join(' ');

/** How far the text that sticks out most is beyond the paper's edges, in points; 0 when all is on the page. */
export async function widestOverrun(pdf: Uint8Array): Promise<number> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  let overrun = 0;
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const [left = 0, , right = 0] = page.view;
    for (const item of (await page.getTextContent()).items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const x = Number(item.transform[4]);
      overrun = Math.max(overrun, left - x, x + item.width - right);
    }
  }
  await loading.destroy();
  return overrun;
}
