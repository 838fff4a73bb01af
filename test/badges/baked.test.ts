import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readBakedPng } from '../../src/badges/baked-png.ts';
import { readBakedSvg } from '../../src/badges/baked-svg.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const ZERO = Buffer.from([0]);

function chunk(type: string, body: Buffer, crc?: number): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc ?? crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
const iTXt = (keyword: string, text: string | Buffer, packed = 0): Buffer =>
  chunk(
    'iTXt',
    Buffer.concat([Buffer.from(keyword), ZERO, Buffer.from([packed, 0]), ZERO, ZERO, Buffer.from(text)]),
  );
const tEXt = (keyword: string, text: string): Buffer =>
  chunk('tEXt', Buffer.concat([Buffer.from(keyword), ZERO, Buffer.from(text)]));
const zTXt = (keyword: string, packed: Buffer): Buffer =>
  chunk('zTXt', Buffer.concat([Buffer.from(keyword), ZERO, ZERO, packed]));
const IEND = chunk('IEND', Buffer.alloc(0));
const png = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([SIGNATURE, chunk('IHDR', Buffer.alloc(13)), ...chunks]);

describe('a badge baked into a PNG', () => {
  const lying = Buffer.concat([Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.from('iTXtopenbadges')]);
  test.for<[string, Buffer, ReturnType<typeof readBakedPng>]>([
    ['Open Badges 2', png(iTXt('openbadges', '{"a":"é"}'), IEND), { text: '{"a":"é"}', notes: [] }],
    ['Open Badges 3', png(iTXt('openbadgecredential', 'a.b.c'), IEND), { text: 'a.b.c', notes: [] }],
    ['Open Badges 1', png(tEXt('openbadges', 'https://a.test'), IEND), { text: 'https://a.test', notes: [] }],
    [
      'compressed',
      png(iTXt('openbadges', deflateSync('{}'), 1), IEND),
      { text: '{}', notes: ['compressed'] },
    ],
    ['zTXt', png(zTXt('openbadges', deflateSync('{}')), IEND), { text: '{}', notes: ['compressed'] }],
    [
      'two badges',
      png(iTXt('openbadges', '1'), iTXt('openbadges', '2'), IEND),
      { text: '1', notes: ['several'] },
    ],
    ['other text', png(iTXt('Comment', 'openbadges'), tEXt('Title', 'x'), IEND), { text: null, notes: [] }],
    ['no badge', png(IEND), { text: null, notes: [] }],
    ['something behind the end', png(IEND, Buffer.from('<html>')), { text: null, notes: ['after-end'] }],
    ['a chunk that claims to be longer than the file', png(lying), { text: null, notes: ['cut-short'] }],
    [
      'a wrong checksum',
      png(chunk('tEXt', Buffer.from('openbadges\0{}'), 1), IEND),
      { text: '{}', notes: ['bad-crc'] },
    ],
    [
      'a compressed text that unpacks to far too much',
      png(iTXt('openbadges', deflateSync(Buffer.alloc(64 * 1024 * 1024)), 1), IEND),
      { text: null, notes: [] },
    ],
    [
      'text without an end of its heading',
      png(chunk('iTXt', Buffer.from('openbadges')), IEND),
      { text: null, notes: [] },
    ],
  ])('%s', ([, bytes, expected]) => {
    expect(readBakedPng(new Uint8Array(bytes))).toEqual(expected);
  });
});

describe('a badge baked into an SVG', () => {
  const svg = (inside: string, head = '') =>
    `<?xml version="1.0"?>${head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org" xmlns:ob3="https://purl.imsglobal.org/ob/v3p0">${inside}</svg>`;
  const doctype =
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">';
  test.for<[string, string, ReturnType<typeof readBakedSvg>]>([
    [
      'in CDATA',
      svg('<openbadges:assertion verify="x"><![CDATA[{"a":1}]]></openbadges:assertion>'),
      { text: '{"a":1}', notes: [] },
    ],
    [
      'by the verify attribute',
      svg('<openbadges:assertion verify="https://a.test"/>'),
      { text: 'https://a.test', notes: [] },
    ],
    ['of version 3', svg('<ob3:credential verify="a.b.c"></ob3:credential>'), { text: 'a.b.c', notes: [] }],
    [
      'under another prefix',
      svg('<b:assertion xmlns:b="http://openbadges.org">1</b:assertion>'),
      { text: '1', notes: [] },
    ],
    [
      'with an external DOCTYPE',
      svg('<openbadges:assertion>1</openbadges:assertion>', doctype),
      { text: '1', notes: [] },
    ],
    [
      'twice',
      svg('<openbadges:assertion>1</openbadges:assertion><openbadges:assertion>2</openbadges:assertion>'),
      { text: '1', notes: ['several'] },
    ],
    ['by name only', svg('<assertion>1</assertion>'), { text: null, notes: [] }],
    ['nowhere', svg('<g/>'), { text: null, notes: [] }],
    ['entities', svg('&a;', '<!DOCTYPE svg [<!ENTITY a "b">]>'), { refused: 'hostile' }],
    ['nested without end', svg(`${'<g>'.repeat(32_000)}${'</g>'.repeat(32_000)}`), { refused: 'hostile' }],
    ['not an SVG', '<html xmlns="http://www.w3.org/1999/xhtml"/>', { refused: 'broken' }],
    ['not well formed', svg('<g>'), { refused: 'broken' }],
  ])('%s', ([, source, expected]) => {
    expect(readBakedSvg(source)).toEqual(expected);
  });
});
