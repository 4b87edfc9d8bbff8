const dotsPerInch = 110;
const pointsPerInch = 72;
/** Pixels along the longer side, however large the page is. */
const maxPixels = 3_000;

/** What pdfjs draws on here; its types say only that it is an object. */
interface CanvasFactory {
  create(width: number, height: number): { canvas: { toBuffer(mediaType: 'image/png'): Buffer } };
}

/** A page of a PDF as a reader shows it, as PNG. @returns undefined when it has no such page @param page from 1 */
export async function drawPage(pdf: Uint8Array, page: number): Promise<Uint8Array | undefined> {
  // Large, and of no use to renderers that draw nothing.
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const loading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  try {
    const document = await loading.promise;
    if (page > document.numPages) return undefined;
    const found = await document.getPage(page);
    const natural = found.getViewport({ scale: 1 });
    const scale = Math.min(dotsPerInch / pointsPerInch, maxPixels / Math.max(natural.width, natural.height));
    const viewport = found.getViewport({ scale });
    const size = [viewport.width, viewport.height].map((side) => Math.max(1, Math.round(side)));
    const { canvas } = (document.canvasFactory as CanvasFactory).create(size[0] ?? 1, size[1] ?? 1);
    await found.render({ canvas: canvas as never, viewport, background: 'white' }).promise;
    return canvas.toBuffer('image/png');
  } finally {
    await loading.destroy();
  }
}
