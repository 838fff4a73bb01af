import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const ZERO = Buffer.from([0]);

/** One PNG chunk; its checksum is right unless another is given. */
export function pngChunk(type: string, body: Uint8Array, crc?: number): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc ?? crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

export const textChunk = {
  iTXt: (keyword: string, text: string | Uint8Array, packed = 0): Buffer =>
    pngChunk(
      'iTXt',
      Buffer.concat([Buffer.from(keyword), ZERO, Buffer.from([packed, 0]), ZERO, ZERO, Buffer.from(text)]),
    ),
  tEXt: (keyword: string, text: string): Buffer =>
    pngChunk('tEXt', Buffer.concat([Buffer.from(keyword), ZERO, Buffer.from(text)])),
  zTXt: (keyword: string, packed: Uint8Array): Buffer =>
    pngChunk('zTXt', Buffer.concat([Buffer.from(keyword), ZERO, ZERO, packed])),
};

/** A real grey picture of 8 by 8 pixels with these chunks in it. */
export function pngWith(...chunks: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(8, 0);
  header.writeUInt32BE(8, 4);
  header[8] = 8;
  const pixels = deflateSync(Buffer.alloc(9 * 8, 0x7f).fill(0, 0, 1));
  return Buffer.concat([
    SIGNATURE,
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** An SVG with a badge in it, as JSON inside the element or as a signature in its attribute. */
export function svgWith(badge: string, version: 2 | 3): string {
  const [namespace, element] =
    version === 2
      ? (['http://openbadges.org', 'assertion'] as const)
      : (['https://purl.imsglobal.org/ob/v3p0', 'credential'] as const);
  const inside = badge.startsWith('{')
    ? `<ob:${element}><![CDATA[${badge}]]></ob:${element}>`
    : `<ob:${element} verify="${badge}"/>`;
  return `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="${namespace}" width="8" height="8">${inside}<rect width="8" height="8"/></svg>`;
}
