import { createIsomorphicCanvasFactory, getDocumentProxy } from 'unpdf';

const SIDE = 2200;
const MAX_PAGES = 3;

/**
 * The first pages as pictures (PNG), for letters and codes that are drawn rather than written. Nothing in the file is run
 * and nothing is fetched. Empty when it cannot be drawn; never throws.
 */
export async function drawPdfPages(bytes: Uint8Array, count: number): Promise<readonly Uint8Array[]> {
  try {
    // Loaded by the first such file: most PDFs hold text.
    const CanvasFactory = await createIsomorphicCanvasFactory(() => import('@napi-rs/canvas'));
    const pdf = await getDocumentProxy(bytes, {
      isEvalSupported: false,
      disableFontFace: true,
      CanvasFactory,
    });
    const pages: Uint8Array[] = [];
    for (let number = 1; number <= Math.min(count, MAX_PAGES, pdf.numPages); number += 1) {
      const page = await pdf.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: SIDE / Math.max(natural.width, natural.height, 1) });
      const { canvas, context } = new CanvasFactory().create(viewport.width, viewport.height);
      await page.render({ canvas, canvasContext: context, viewport }).promise;
      pages.push(new Uint8Array(await canvas.encode('png')));
      page.cleanup();
    }
    await pdf.destroy();
    return pages;
  } catch {
    return [];
  }
}
