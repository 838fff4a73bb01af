import { getDocumentProxy } from 'unpdf';
import type { Line } from './certificate-text.ts';

const MAX_PAGES = 10;
const MAX_ATTACHMENTS = 10;
const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;
const MAX_LINKS = 30;
const MAX_ITEMS = 20_000;

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
  /** Whether anything in it is a picture: a scan, or perhaps a code to be scanned. */
  readonly hasPictures: boolean;
};
export type Pdf = PdfContent | { readonly kind: 'locked' } | { readonly kind: 'broken' };

type Item = { readonly str: string; readonly x: number; readonly y: number; readonly fontSize: number };

/** Text by line, attachments, links and metadata of a PDF. Nothing in it is run and nothing is fetched. */
export async function readPdfContent(bytes: Uint8Array): Promise<Pdf> {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isSigned = raw.includes('/ByteRange');
  // A picture is a stream of its own, so its heading is never packed (PDF 1.7 §7.5.7).
  const hasPictures = /\/Subtype\s*\/Image\b/.test(raw.toString('latin1'));
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
  const [pages, meta, attached] = await Promise.all([
    Promise.all(Array.from({ length: Math.min(pdf.numPages, MAX_PAGES) }, (_, at) => readPage(pdf, at + 1))),
    pdf.getMetadata(),
    pdf.getAttachments() as Promise<Record<string, { readonly content?: Uint8Array }> | null>,
  ]);
  const title = (meta.info as Readonly<Record<string, unknown>>)['Title'];
  const content: PdfContent = {
    kind: 'content',
    lines: pages.flatMap(({ items }) => linesOf(items)),
    title: typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 300) : null,
    attachments: Object.values(attached ?? {})
      .flatMap((file) => file.content ?? [])
      .filter((inside) => inside.length <= MAX_ATTACHMENT_BYTES)
      .slice(0, MAX_ATTACHMENTS),
    links: [...new Set(pages.flatMap(({ links }) => links))].slice(0, MAX_LINKS),
    xmp: String(meta.metadata?.getRaw() ?? '').slice(0, 1024 * 1024),
    isSigned,
    hasPictures,
  };
  await pdf.destroy();
  return content;
}

async function readPage(
  pdf: PDFDocumentProxy,
  number: number,
): Promise<{ readonly items: readonly Item[]; readonly links: readonly string[] }> {
  const page = await pdf.getPage(number);
  const [text, annotations] = await Promise.all([page.getTextContent(), page.getAnnotations()]);
  const items = text.items.slice(0, MAX_ITEMS).flatMap((item) => {
    if (!('str' in item)) return [];
    const [, , c = 0, d = 0, x = 0, y = 0] = item.transform as readonly number[];
    return [{ str: item.str, x, y, fontSize: Math.hypot(c, d) }];
  });
  const links = annotations
    .filter(({ subtype, url }) => subtype === 'Link' && typeof url === 'string')
    .map(({ url }) => String(url));
  return { items, links };
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
