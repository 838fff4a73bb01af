import { crc32, inflateSync } from 'node:zlib';

const MAX_CHUNKS = 10_000;
const MAX_TEXT = 1024 * 1024;
const SIGNATURE_LENGTH = 8;
const KEYWORDS: ReadonlySet<string> = new Set(['openbadges', 'openbadgecredential', 'clrcredential']);
const TEXT_CHUNKS: ReadonlySet<string> = new Set(['iTXt', 'tEXt', 'zTXt']);

export type Note = 'several' | 'compressed' | 'bad-crc' | 'after-end' | 'cut-short';

/** What was found inside a picture: the first badge in it, and what is unusual about how it is stored. */
export type Baked = { readonly text: string | null; readonly notes: readonly Note[] };

type Found = { readonly text: string; readonly compressed: boolean };

/**
 * The badge baked into a PNG (Open Badges baking: keyword `openbadges` or `openbadgecredential`, in iTXt; tEXt in
 * version 1). Compressed text is against the rules but read, up to 1 MiB. Never throws.
 */
export function readBakedPng(bytes: Uint8Array): Baked {
  return readWith(bytes, inflated);
}

/** The same without unpacking anything, so that it costs no more than looking; null when a packed text has to be opened. */
export function readPlainPng(bytes: Uint8Array): Baked | null {
  let isPacked = false;
  const baked = readWith(bytes, () => {
    isPacked = true;
    return null;
  });
  return isPacked ? null : baked;
}

type Unpack = (content: Buffer) => Found | null;

function readWith(bytes: Uint8Array, unpack: Unpack): Baked {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const notes = new Set<Note>();
  let text: string | null = null;
  let offset = SIGNATURE_LENGTH;
  for (let count = 0; count < MAX_CHUNKS && offset + 12 <= data.length; count += 1) {
    const length = data.readUInt32BE(offset);
    const type = data.toString('latin1', offset + 4, offset + 8);
    const end = offset + 12 + length;
    if (end > data.length) {
      notes.add('cut-short');
      break;
    }
    if (TEXT_CHUNKS.has(type)) {
      const body = data.subarray(offset + 8, end - 4);
      // What comes after the first is only counted: thousands of packed ones would each take their time.
      if (text !== null && holdsBadge(body)) notes.add('several');
      const found: Found | null = text === null ? readTextChunk(type, body, unpack) : null;
      if (found !== null) {
        text = found.text;
        if (found.compressed) notes.add('compressed');
        if (crc32(data.subarray(offset + 4, end - 4)) !== data.readUInt32BE(end - 4)) notes.add('bad-crc');
      }
    }
    offset = end;
    if (type === 'IEND') {
      if (offset < data.length) notes.add('after-end');
      break;
    }
  }
  return { text, notes: [...notes] };
}

function holdsBadge(body: Buffer): boolean {
  const keywordEnd = body.indexOf(0);
  return keywordEnd > 0 && keywordEnd < 80 && KEYWORDS.has(body.toString('latin1', 0, keywordEnd));
}

function readTextChunk(type: string, body: Buffer, unpack: Unpack): Found | null {
  if (!holdsBadge(body)) return null;
  const keywordEnd = body.indexOf(0);
  if (type === 'tEXt') return { text: decode(body.subarray(keywordEnd + 1)), compressed: false };
  if (type === 'zTXt') return unpack(body.subarray(keywordEnd + 2));
  const languageEnd = body.indexOf(0, keywordEnd + 3);
  const translatedEnd = languageEnd < 0 ? -1 : body.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) return null;
  const content = body.subarray(translatedEnd + 1);
  return body[keywordEnd + 1] === 1 ? unpack(content) : { text: decode(content), compressed: false };
}

function inflated(content: Buffer): Found | null {
  try {
    return { text: decode(inflateSync(content, { maxOutputLength: MAX_TEXT })), compressed: true };
  } catch {
    return null;
  }
}

function decode(content: Buffer): string {
  return content.subarray(0, MAX_TEXT + 1).toString('utf8');
}
