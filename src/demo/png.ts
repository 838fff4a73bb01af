import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EIGHT_BITS = 8;
const COLOUR_WITH_ALPHA = 6;

/** A PNG of `size` × `size` pixels from rows of red, green, blue, alpha (PNG 3 §11). */
export function encodePng(rgba: Uint8Array, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = EIGHT_BITS;
  header[9] = COLOUR_WITH_ALPHA;
  const rows = Buffer.alloc((size * 4 + 1) * size);
  for (let y = 0; y < size; y += 1) {
    // Each row begins with its filter type; 0 is "none".
    rows.set(rgba.subarray(y * size * 4, (y + 1) * size * 4), y * (size * 4 + 1) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Puts a credential into a picture: an uncompressed iTXt chunk (Open Badges 3.0 §5.3.1). */
export function bakePng(png: Buffer, credential: string): Buffer {
  const text = chunk('iTXt', Buffer.from(`openbadgecredential\0\0\0\0\0${credential}`, 'utf8'));
  const end = png.length - 12;
  return Buffer.concat([png.subarray(0, end), text, png.subarray(end)]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(typed.length + 8);
  whole.writeUInt32BE(data.length, 0);
  typed.copy(whole, 4);
  whole.writeUInt32BE(crc32(typed), typed.length + 4);
  return whole;
}
