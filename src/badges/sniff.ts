/** What some bytes are, by content alone; file names and declared types are never believed. */
export type Kind =
  | 'png'
  | 'pdf'
  | 'picture'
  | 'json'
  | 'jws'
  | 'svg'
  | 'html'
  | 'address'
  | 'empty'
  | 'text'
  | 'other';

/** Three parts; what follows a `~` are selective disclosures. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]*(?:~[\w.~-]*)?$/;
const MAX_JWS = 1024 * 1024;

/** By shape alone: nothing is parsed. Only a long token is looked at beyond the first 4 KiB. */
export function sniff(bytes: Uint8Array): Kind {
  if (bytes.length === 0) return 'empty';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  const head = latin1(bytes.subarray(0, 1024));
  if (head.includes('%PDF-')) return 'pdf';
  if (isPicture(bytes, head)) return 'picture';
  const start = sniffText(decodeText(bytes.subarray(0, 4096)), bytes.length);
  const mayGoOn = start === 'text' && bytes.length > 4096 && bytes.length <= MAX_JWS;
  return mayGoOn && COMPACT_JWS.test(decodeText(bytes).trim()) ? 'jws' : start;
}

function sniffText(start: string, length: number): Kind {
  const text = start.trimStart();
  if (text.includes('\u0000')) return 'other';
  if (text === '') return 'empty';
  if (addressIn(text) !== null && length < 4096) return 'address';
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  if (text.startsWith('<'))
    return /<([\w-]+:)?svg[\s>]/.test(text) && !/<html[\s>]/i.test(text) ? 'svg' : 'html';
  if (COMPACT_JWS.test(text.trimEnd()) && text.includes('.')) return 'jws';
  return 'text';
}

/** A web address alone, or the one that a link saved to the desktop holds (`.url`). */
export function addressIn(text: string): string | null {
  const plain = text.trim();
  if (/^https?:\/\/\S+$/i.test(plain)) return plain;
  return /^\[InternetShortcut\][\s\S]{0,2000}?^URL=(https?:\/\/\S+)\s*$/im.exec(plain)?.[1] ?? null;
}

function isPicture(bytes: Uint8Array, head: string): boolean {
  return (
    startsWith(bytes, [0xff, 0xd8, 0xff]) ||
    head.startsWith('GIF8') ||
    head.startsWith('BM') ||
    head.startsWith('II*\u0000') ||
    head.startsWith('MM\u0000*') ||
    (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') ||
    (head.slice(4, 8) === 'ftyp' && /^(heic|heix|hevc|heim|heis|mif1|msf1|avif)/.test(head.slice(8, 12)))
  );
}

/** UTF-8, or UTF-16 with a byte order mark. Never throws. */
export function decodeText(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => bytes[at] === byte);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
