import { getDocument, OPS, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** The text of each page as a reader gets it by copying: items in their order, white space made single. */
export const pageTexts = (pdf: Uint8Array): Promise<string[]> =>
  eachPage(pdf, async (page) => {
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join(' ');
    return text.replace(/\s+/g, ' ');
  });

export const textOf = async (pdf: Uint8Array): Promise<string> => (await pageTexts(pdf)).join(' ');

/** Where each text stands: its page, then x and y of where it begins, to a hundredth of a point. */
export async function textPositions(pdf: Uint8Array): Promise<string[]> {
  const pages = await eachPage(pdf, async (page) =>
    (await textsOf(page)).map(({ x, y, text }) => `page ${page.pageNumber}, ${x.toFixed(2)}, ${y.toFixed(2)}: ${text}`),
  );
  return pages.flat();
}

/** How far the text that sticks out most is beyond the paper's edges, in points; 0 when all is on the page. */
export async function widestOverrun(pdf: Uint8Array): Promise<number> {
  const pages = await eachPage(pdf, async (page) => {
    const [left = 0, , right = 0] = page.view;
    return (await textsOf(page)).map(({ x, width }) => Math.max(left - x, x + width - right));
  });
  return Math.max(0, ...pages.flat());
}

/** How far each stroke reaches to the right and up, in points: a rule, or an edge of a cell. */
export async function strokes(pdf: Uint8Array): Promise<{ width: number; height: number }[]> {
  const pages = await eachPage(pdf, async (page) => {
    const { fnArray, argsArray } = await page.getOperatorList();
    return fnArray.flatMap((operation, index) => {
      if (operation !== OPS.constructPath) return [];
      const [painted, , box] = argsArray[index] as [number, unknown, number[] | undefined];
      if (painted !== OPS.stroke || !box) return [];
      const [left = 0, bottom = 0, right = 0, top = 0] = box;
      return [{ width: right - left, height: top - bottom }];
    });
  });
  return pages.flat();
}

async function eachPage<T>(pdf: Uint8Array, read: (page: PDFPageProxy) => Promise<T>): Promise<T[]> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const found: T[] = [];
  for (let number = 1; number <= document.numPages; number++) found.push(await read(await document.getPage(number)));
  await loading.destroy();
  return found;
}

/** Texts that are seen, and where each begins, in points. */
async function textsOf(page: PDFPageProxy): Promise<{ text: string; x: number; y: number; width: number }[]> {
  const { items } = await page.getTextContent();
  return items.flatMap((item) =>
    'str' in item && item.str.trim() !== ''
      ? [{ text: item.str, x: Number(item.transform[4]), y: Number(item.transform[5]), width: item.width }]
      : [],
  );
}
