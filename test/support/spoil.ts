import { deflateSync } from 'node:zlib';
import { pngChunk, textChunk } from './baked.ts';
import type { Chance } from './chance.ts';

/** What a seed of the fuzz is, so that it is changed where it hurts. */
export type Sort = 'json' | 'jws' | 'png' | 'svg' | 'pdf' | 'picture';
export type Seed = { readonly sort: Sort; readonly bytes: Buffer };

const WORDS = [
  '',
  'null',
  '__proto__',
  'constructor',
  'javascript:alert(1)',
  'https://127.0.0.1/',
  'did:key:z',
  'did:web:..%2f',
  'data:application/vc+jwt,e.e.e',
  '\u202e\u0000\uffff',
  '2026-02-30',
  '-1',
  '99999999999999999999',
  'none',
  'HS256',
];
const NUMBERS = [0, -1, 1e308, 2 ** 31, 2 ** 53, -0.5, 1e-9];

/** One file that is a real one with a few things wrong. */
export function spoil(seed: Seed, others: readonly Seed[], luck: Chance): Buffer {
  let file = inItsWay(seed, luck);
  for (let more = luck.under(3); more > 0; more -= 1)
    file = luck.once(3) ? inItsWay({ ...seed, bytes: file }, luck) : inBytes(file, others, luck);
  return file;
}

function inItsWay({ sort, bytes }: Seed, luck: Chance): Buffer {
  try {
    switch (sort) {
      case 'json':
        return Buffer.from(inJson(bytes.toString('utf8'), luck));
      case 'jws':
        return Buffer.from(inToken(bytes.toString('utf8'), luck));
      case 'png':
        return inChunks(bytes, luck);
      case 'svg':
        return Buffer.from(inMarkup(bytes.toString('utf8'), luck));
      case 'pdf':
        return Buffer.from(inPdf(bytes.toString('latin1'), luck), 'latin1');
      case 'picture':
        return inHeader(bytes, luck);
    }
  } catch {
    return bytes;
  }
}

function inBytes(file: Buffer, others: readonly Seed[], luck: Chance): Buffer {
  const at = luck.under(Math.max(1, file.length));
  const copy = Buffer.from(file);
  switch (luck.under(7)) {
    case 0:
      if (copy.length > 0) copy[at] = luck.under(256);
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - luck.under(2000)))]);
    case 3:
      return Buffer.concat([
        copy.subarray(0, at),
        Buffer.alloc(luck.under(64), luck.under(256)),
        copy.subarray(at),
      ]);
    case 4:
      return Buffer.concat([copy.subarray(0, at), luck.pick(others).bytes.subarray(luck.under(400))]);
    case 5:
      if (copy.length > 4)
        copy.writeUInt32BE(luck.pick([0, 1, 0x7fffffff, 0xffffffff, 65_536]), Math.min(at, copy.length - 4));
      return copy;
    default:
      return Buffer.concat([
        copy.subarray(0, at),
        copy.subarray(Math.min(copy.length, at + luck.under(200))),
      ]);
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function inJson(text: string, luck: Chance): string {
  const root = JSON.parse(text) as Json;
  for (let times = 1 + luck.under(3); times > 0; times -= 1) changeSomewhere(root, luck);
  return JSON.stringify(root);
}

function changeSomewhere(root: Json, luck: Chance): void {
  const places: { holder: Json[] | { [key: string]: Json }; key: string }[] = [];
  const visit = (value: Json): void => {
    if (value === null || typeof value !== 'object') return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value, key });
      visit((value as { [key: string]: Json })[key] ?? null);
    }
  };
  visit(root);
  if (places.length === 0) return;
  const { holder, key } = luck.pick(places);
  const at = holder as { [key: string]: Json };
  const own = at[key] ?? null;
  switch (luck.under(9)) {
    case 0:
      delete at[key];
      return;
    case 1:
      at[key] = luck.pick(WORDS);
      return;
    case 2:
      at[key] = luck.pick(NUMBERS);
      return;
    case 3:
      at[key] = [own, own];
      return;
    case 4:
      at[key] = structuredClone(
        (luck.pick(places).holder as { [key: string]: Json })[luck.pick(places).key] ?? {},
      );
      return;
    case 5:
      at[luck.pick(places).key] = own;
      return;
    case 6:
      at[key] = nested(luck.under(200));
      return;
    case 7:
      at[key] = 'x'.repeat(luck.under(60_000));
      return;
    default:
      at[key] = typeof own === 'string' ? own.slice(0, luck.under(own.length + 1)) + luck.pick(WORDS) : {};
  }
}

function nested(depth: number): Json {
  let value: Json = 'deep';
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
}

function inToken(token: string, luck: Chance): string {
  const parts = token.split('.');
  const at = luck.under(parts.length + 1);
  if (at >= 2 || luck.once(6)) {
    const last = parts[2] ?? '';
    return [
      parts[0],
      parts[1],
      last.slice(luck.under(last.length + 1)),
      ...(luck.once(4) ? ['x~y'] : []),
    ].join('.');
  }
  const inside = Buffer.from(parts[at] ?? '', 'base64url').toString('utf8');
  parts[at] = Buffer.from(inJson(inside, luck)).toString('base64url');
  return parts.join('.');
}

function inChunks(png: Buffer, luck: Chance): Buffer {
  const chunks: { type: string; body: Buffer }[] = [];
  for (let at = 8; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at);
    if (at + 12 + length > png.length) break;
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      body: png.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  if (chunks.length === 0) return png;
  const at = luck.under(chunks.length);
  const chunk = luck.pick(chunks);
  let crc: number | undefined;
  switch (luck.under(9)) {
    case 0:
      chunks.splice(at, 1);
      break;
    case 1:
      chunks.splice(at, 0, chunk);
      break;
    case 2:
      chunk.type = luck.pick(['iTXt', 'tEXt', 'zTXt', 'IDAT', 'IHDR', 'IEND', 'PLTE', 'aBcD']);
      break;
    case 3:
      chunk.body = inBytes(chunk.body, [{ sort: 'png', bytes: png }], luck);
      break;
    case 4:
      crc = luck.under(0xffffffff);
      break;
    case 5:
      chunks.splice(at, 0, {
        type: 'zTXt',
        body: bodyOf(
          textChunk.zTXt('openbadges', deflateSync(Buffer.alloc(luck.pick([100, 3_000_000]), 0x20))),
        ),
      });
      break;
    case 6:
      chunks.splice(at, 0, {
        type: 'iTXt',
        body: bodyOf(textChunk.iTXt(luck.pick(['openbadges', 'openbadgecredential']), luck.pick(WORDS))),
      });
      break;
    case 7:
      chunks.reverse();
      break;
    default:
      if (chunk.body.length > 8)
        chunk.body = Buffer.concat([
          Buffer.from([luck.under(256), luck.under(256), 0xff, 0xff]),
          chunk.body.subarray(4),
        ]);
  }
  const whole = [
    png.subarray(0, 8),
    ...chunks.map(({ type, body }, place) => pngChunk(type, body, place === at ? crc : undefined)),
  ];
  return Buffer.concat(luck.once(8) ? [...whole, Buffer.from('<html><script>1</script>')] : whole);
}

function bodyOf(chunk: Buffer): Buffer {
  return chunk.subarray(8, -4);
}

function inMarkup(svg: string, luck: Chance): string {
  const at = luck.under(svg.length);
  const insert = (text: string): string => svg.slice(0, at) + text + svg.slice(at);
  switch (luck.under(9)) {
    case 0:
      return insert('<g>'.repeat(luck.under(3000)));
    case 1:
      return svg.replace(/<!DOCTYPE[^>]*>/, '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>');
    case 2:
      return insert(
        luck.pick([
          '<script>1</script>',
          '<foreignObject/>',
          '&b;',
          '&#0;',
          ']]>',
          '<![CDATA[',
          '<?x',
          '<!--',
          ' xmlns:ob="x"',
        ]),
      );
    case 3:
      return svg.replace(
        /xmlns:ob="[^"]*"/,
        `xmlns:ob="${luck.pick(['http://openbadges.org', 'https://purl.imsglobal.org/ob/v3p0', 'urn:x'])}"`,
      );
    case 4:
      return svg.replace(/(<ob:.*(?:<\/ob:\w+>|\/>))/s, '$1$1');
    case 5:
      return svg.slice(0, at);
    case 6:
      return insert(`<x ${'a="1" '.repeat(luck.under(400))}/>`);
    case 7:
      return svg.replaceAll('ob:', luck.pick(['', 'svg:', 'ob:ob:']));
    default:
      return svg.slice(0, at) + svg.slice(at + luck.under(100));
  }
}

function inPdf(pdf: string, luck: Chance): string {
  const tokens = [
    ...pdf.matchAll(/\b\d+ \d+ R\b|\/[A-Za-z]+|\b\d+\b|endobj|endstream|stream|<<|>>|xref|trailer/g),
  ];
  const token = luck.pick(tokens);
  const [start, end] = [token.index, token.index + token[0].length];
  const replaced = (by: string): string => pdf.slice(0, start) + by + pdf.slice(end);
  switch (luck.under(8)) {
    case 0:
      return replaced('');
    case 1:
      return replaced(`${token[0]} ${token[0]}`);
    case 2:
      return replaced(luck.pick(tokens)[0]);
    case 3:
      return replaced(
        luck.pick(['0', '-1', '2147483647', '99999999999', '1 0 R', '0 0 R', '/Type', '[', ']', '(', '<<']),
      );
    case 4:
      return replaced(
        luck.pick([
          '/Page',
          '/Catalog',
          '/Encrypt',
          '/ObjStm',
          '/JavaScript',
          '/Launch',
          '/EmbeddedFile',
          '/FlateDecode',
        ]),
      );
    case 5:
      return `${pdf}\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /OpenAction 1 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n`;
    case 6:
      return pdf.slice(0, start) + pdf.slice(Math.min(pdf.length, end + luck.under(500)));
    default:
      return replaced('['.repeat(luck.under(2000)));
  }
}

/** Where pictures say how big they are and what follows, and anywhere in them. */
function inHeader(picture: Buffer, luck: Chance): Buffer {
  const copy = Buffer.from(picture);
  for (let times = 1 + luck.under(6); times > 0; times -= 1) {
    const near = luck.once(2) ? Math.min(copy.length, 600) : copy.length;
    copy[luck.under(near)] = luck.pick([0, 1, 0x7f, 0x80, 0xff, luck.under(256)]);
  }
  // The kind of file stays what it was, or nothing behind its first bytes would ever be looked at.
  picture.copy(copy, 0, 0, 12);
  return copy;
}
