import jsQR from 'jsqr';
import sharp, { type Sharp } from 'sharp';
import { evenLight, type Grey, shrink } from './grey-page.ts';
import { decodeHeic, isHeic } from './heic.ts';
import { type Box, contentBox, densestBand, positionOf } from './page-position.ts';

const MAX_PIXELS = 50_000_000;
const MAX_SIDE = 20_000;
const MAX_HELD = 96 * 1024 * 1024;
const MAX_CODE_SIDE = 1200;
const MAX_WORDS_SIDE = 2200;
/** Small letters are read better a little bigger. */
const MIN_WORDS_SIDE = 1400;
const LOOK_SIDE = 700;
const BAND = 0.16;

export type Picture =
  | {
      readonly kind: 'picture';
      /** What a QR code in it says. */
      readonly code: string | null;
      /** Level, cropped, grey and evenly lit: a PNG that letters can be read from, perhaps upside down. */
      readonly page: Uint8Array;
      /** A few of its lines as they are and turned upside down, to find out which of the two can be read. */
      readonly lines: { readonly asIs: Uint8Array; readonly turned: Uint8Array };
    }
  | { readonly kind: 'broken' };

// Only what cameras and scanners write; formats that fetch, run or render are shut.
sharp.block({
  operation: [
    'VipsForeignLoadSvg',
    'VipsForeignLoadPdf',
    'VipsForeignLoadMagick',
    'VipsForeignLoadOpenslide',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/** Opens a photo or scan (JPEG, PNG, WebP, GIF, TIFF, HEIC) of up to 50 megapixels. Never throws. */
export async function readPictureContent(bytes: Uint8Array): Promise<Picture> {
  try {
    const seen = await greyOf(await open(bytes), MAX_WORDS_SIDE);
    const code = readCode(seen);
    return { kind: 'picture', code, ...(await straighten(seen)) };
  } catch {
    return { kind: 'broken' };
  }
}

/** A page turned upside down. Never throws; null when it is no picture. */
export async function turnOver(png: Uint8Array): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await toPng(sharp(png).rotate(180)));
  } catch {
    return null;
  }
}

async function open(bytes: Uint8Array): Promise<Sharp> {
  if (!isHeic(bytes)) {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', animated: false });
    await refuseHuge(picture);
    return picture.autoOrient();
  }
  const { data, width, height } = await decodeHeic(bytes);
  return sharp(data, { raw: { width, height, channels: 4 } });
}

/** By its heading alone: a few hundred bytes may claim a line of millions of pixels, which is held in memory whole. */
async function refuseHuge(picture: Sharp): Promise<void> {
  const { width, height, channels, depth, format } = await picture.metadata();
  const sample = depth === 'uchar' ? 1 : depth === 'ushort' || depth === 'short' ? 2 : 8;
  // JPEG is made smaller while it is read; of other formats there may be all at once.
  const held = format === 'jpeg' ? 0 : width * height * channels * sample;
  if (Math.max(width, height) > MAX_SIDE || held > MAX_HELD) throw new Error('too big');
}

async function greyOf(picture: Sharp, side: number): Promise<Grey> {
  const { data, info } = await picture
    .flatten({ background: '#fff' })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .grayscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data), width: info.width, height: info.height };
}

async function straighten(
  seen: Grey,
): Promise<{ page: Uint8Array; lines: { asIs: Uint8Array; turned: Uint8Array } }> {
  const even = evenLight(seen);
  const { onItsSide, skew } = positionOf(shrink(even, LOOK_SIDE));
  const level = await greyOf(
    toSharp(even).rotate((onItsSide ? 270 : 0) + skew, { background: '#fff' }),
    MAX_WORDS_SIDE * 2,
  );
  const small = shrink(level, LOOK_SIDE);
  const box = enlarged(contentBox(small), small.step, level);
  const page = await greyOf(toSharp(level).extract(box), MAX_WORDS_SIDE);
  const look = shrink(page, LOOK_SIDE);
  const band = scaled(densestBand(look, BAND), look.step, page);
  const strip = await toPng(toSharp(page).extract(band));
  return {
    page: new Uint8Array(await toPng(readable(toSharp(page), page))),
    lines: {
      asIs: new Uint8Array(strip),
      turned: new Uint8Array(await toPng(sharp(strip).rotate(180))),
    },
  };
}

function readable(picture: Sharp, { width, height }: Grey): Sharp {
  const longer = Math.max(width, height);
  const framed = picture.normalise().extend({ top: 20, bottom: 20, left: 20, right: 20, background: '#fff' });
  if (longer >= MIN_WORDS_SIDE || longer < 200) return framed;
  return framed.resize({ width: Math.round((width * MIN_WORDS_SIDE) / longer), kernel: 'cubic' });
}

/** A box of the small picture on the big one. */
function scaled(box: Box, step: number, { width, height }: Grey): Box {
  const [left, top] = [Math.min(width - 1, box.left * step), Math.min(height - 1, box.top * step)];
  return {
    left,
    top,
    width: Math.min(width - left, box.width * step),
    height: Math.min(height - top, box.height * step),
  };
}

/** With a margin around it; the whole picture when there is nothing to crop to. */
function enlarged(box: Box | null, step: number, picture: Grey): Box {
  if (box === null) return { left: 0, top: 0, width: picture.width, height: picture.height };
  const margin = 8;
  return scaled(
    {
      left: Math.max(0, box.left - margin),
      top: Math.max(0, box.top - margin),
      width: box.width + 2 * margin,
      height: box.height + 2 * margin,
    },
    step,
    picture,
  );
}

function toSharp({ pixels, width, height }: Grey): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 1 } });
}

function toPng(picture: Sharp): Promise<Buffer> {
  return picture.grayscale().png({ compressionLevel: 1 }).toBuffer();
}

function readCode(seen: Grey): string | null {
  const { pixels, width, height } = shrink(seen, MAX_CODE_SIDE);
  const colours = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at += 1) colours.fill(pixels[at] ?? 255, at * 4, at * 4 + 3);
  // Its types describe an ES module; what is installed is the function itself.
  const decode = jsQR as unknown as typeof jsQR.default;
  const text = decode(colours, width, height)?.data.trim() ?? '';
  return text === '' ? null : text;
}
