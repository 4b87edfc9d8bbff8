import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';

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

/** Where each text stands: its page, then x and y of where it begins, to a hundredth of a point. */
export async function textPositions(pdf: Uint8Array): Promise<string[]> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const positions: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    for (const item of (await page.getTextContent()).items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [x, y] = [item.transform[4], item.transform[5]].map((points) => Number(points).toFixed(2));
      positions.push(`page ${number}, ${x}, ${y}: ${item.str}`);
    }
  }
  await loading.destroy();
  return positions;
}

/** How far each stroke of a page reaches to the right and up, in points: a rule, or an edge of a cell. */
export async function strokes(pdf: Uint8Array): Promise<{ width: number; height: number }[]> {
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  const document = await loading.promise;
  const found: { width: number; height: number }[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { fnArray, argsArray } = await (await document.getPage(number)).getOperatorList();
    for (const [index, operation] of fnArray.entries()) {
      if (operation !== OPS.constructPath) continue;
      const [painted, , box] = argsArray[index] as [number, unknown, number[] | undefined];
      if (painted !== OPS.stroke || !box) continue;
      const [left = 0, bottom = 0, right = 0, top = 0] = box;
      found.push({ width: right - left, height: top - bottom });
    }
  }
  await loading.destroy();
  return found;
}

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
