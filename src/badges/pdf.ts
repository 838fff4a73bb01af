import { extractImages, extractLinks, extractTextItems, getDocumentProxy } from 'unpdf';
import type { Line } from './certificate-text.ts';

const MAX_PAGES = 10;
const MAX_ATTACHMENTS = 10;
const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;
const MAX_LINKS = 30;
const MAX_ITEMS = 20_000;
const MAX_PIXELS = 40_000_000;

type PDFDocumentProxy = Awaited<ReturnType<typeof getDocumentProxy>>;

export type PdfContent = {
  readonly kind: 'content';
  readonly lines: readonly Line[];
  readonly title: string | null;
  readonly attachments: readonly Uint8Array[];
  readonly links: readonly string[];
  /** The XMP packet as text: some platforms keep the badge there. */
  readonly xmp: string;
  readonly isSigned: boolean;
  /** The biggest picture of the first page when the pages hold no text: a scan. */
  readonly scan: Uint8Array | null;
};
export type Pdf = PdfContent | { readonly kind: 'locked' } | { readonly kind: 'broken' };

type Item = { readonly str: string; readonly x: number; readonly y: number; readonly fontSize: number };

/** Text by line, attachments, links and metadata of a PDF. Nothing in it is run and nothing is fetched. */
export async function readPdfContent(bytes: Uint8Array): Promise<Pdf> {
  const isSigned = Buffer.from(bytes).includes('/ByteRange');
  let pdf: PDFDocumentProxy;
  try {
    pdf = await getDocumentProxy(bytes, {
      isEvalSupported: false,
      disableFontFace: true,
      stopAtErrors: false,
    });
  } catch (error) {
    return { kind: error instanceof Error && error.name === 'PasswordException' ? 'locked' : 'broken' };
  }
  if (pdf.numPages > MAX_PAGES * 50) return { kind: 'broken' };
  const [{ items }, { links }, meta, attached] = await Promise.all([
    extractTextItems(pdf),
    extractLinks(pdf),
    pdf.getMetadata(),
    pdf.getAttachments() as Promise<Record<string, { readonly content?: Uint8Array }> | null>,
  ]);
  const title = (meta.info as Readonly<Record<string, unknown>>)['Title'];
  const lines = items.slice(0, MAX_PAGES).flatMap((page) => linesOf(page.slice(0, MAX_ITEMS)));
  return {
    kind: 'content',
    lines,
    title: typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 300) : null,
    attachments: Object.values(attached ?? {})
      .flatMap((file) => file.content ?? [])
      .filter((content) => content.length <= MAX_ATTACHMENT_BYTES)
      .slice(0, MAX_ATTACHMENTS),
    links: [...new Set(links)].slice(0, MAX_LINKS),
    xmp: String(meta.metadata?.getRaw() ?? '').slice(0, 1024 * 1024),
    isSigned,
    scan: lines.length === 0 ? await scanOf(pdf) : null,
  };
}

async function scanOf(pdf: PDFDocumentProxy): Promise<Uint8Array | null> {
  const images = await extractImages(pdf, 1);
  const [biggest] = images.toSorted((a, b) => b.width * b.height - a.width * a.height);
  if (biggest === undefined || biggest.width * biggest.height > MAX_PIXELS) return null;
  const { data, width, height, channels } = biggest;
  const { default: sharp } = await import('sharp');
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 1 }).toBuffer(),
  );
}

/** Pieces of text that stand at one height are one line, from left to right, lines from top to bottom. */
function linesOf(items: readonly Item[]): Line[] {
  const rows: { y: number; items: Item[] }[] = [];
  for (const item of items.filter(({ str }) => str.trim() !== '')) {
    const tolerance = Math.max(2, item.fontSize * 0.4);
    const row = rows.find((candidate) => Math.abs(candidate.y - item.y) <= tolerance);
    if (row === undefined) rows.push({ y: item.y, items: [item] });
    else row.items.push(item);
  }
  return rows
    .toSorted((a, b) => b.y - a.y)
    .map((row) => ({
      text: row.items
        .toSorted((a, b) => a.x - b.x)
        .map((item) => item.str)
        .join(' '),
      size: Math.max(...row.items.map((item) => item.fontSize)),
    }));
}
