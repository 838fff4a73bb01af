import type { ReadingPace } from '../domain/pending-reading.ts';

const PICTURE = /^(?:\x89PNG|\xff\xd8|GIF8|RIFF....WEBP|II\*\0|MM\0\*|BM|....ftyp)/s;
/** Where a badge is baked in, its keyword stands near the start of the picture. */
const LOOKED_AT = 256 * 1024;

/** Whether its letters will have to be read, told from the first bytes. A wrong guess costs time in the wrong line, and no more. */
export function readingPace(bytes: Uint8Array | null): ReadingPace {
  if (bytes === null) return 'quick';
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LOOKED_AT));
  if (!PICTURE.test(start.toString('latin1', 0, 16))) return isScan(start) ? 'slow' : 'quick';
  return start.includes('openbadge') || start.includes('clrcredential') ? 'quick' : 'slow';
}

/** A PDF that draws no letters holds a picture of the page. */
function isScan(start: Buffer): boolean {
  return (
    start.toString('latin1', 0, 5) === '%PDF-' && start.includes('/DCTDecode') && !start.includes('/Font')
  );
}
