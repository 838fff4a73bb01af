import jsQR from 'jsqr';
import sharp from 'sharp';

const MAX_PIXELS = 40_000_000;
const MAX_CODE_SIDE = 1200;
const MAX_WORDS_SIDE = 2400;

/** `turn`: by how many degrees to turn it, after what the camera noted. */
export type PictureTask = { readonly bytes: Uint8Array; readonly turn: 0 | 90 | 180 | 270 };

export type Picture =
  | {
      readonly kind: 'picture';
      /** What a QR code in it says. */
      readonly code: string | null;
      /** Upright, grey, even: a PNG that letters can be read from. */
      readonly clean: Uint8Array;
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

/** Opens a photo or scan (JPEG, PNG, WebP, GIF, TIFF) of up to 40 megapixels. Never throws. */
export async function readPictureContent({ bytes, turn }: PictureTask): Promise<Picture> {
  try {
    const open = () =>
      sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', animated: false }).autoOrient();
    const upright = turn === 0 ? open() : sharp(await open().toBuffer()).rotate(turn);
    const clean = await upright
      .flatten({ background: '#fff' })
      .resize({ width: MAX_WORDS_SIDE, height: MAX_WORDS_SIDE, fit: 'inside', withoutEnlargement: true })
      .grayscale()
      .normalise()
      .png({ compressionLevel: 1 })
      .toBuffer();
    return { kind: 'picture', code: await readCode(clean), clean: new Uint8Array(clean) };
  } catch {
    return { kind: 'broken' };
  }
}

async function readCode(clean: Buffer): Promise<string | null> {
  const { data, info } = await sharp(clean)
    .resize({ width: MAX_CODE_SIDE, height: MAX_CODE_SIDE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  // Its types describe an ES module; what is installed is the function itself.
  const decode = jsQR as unknown as typeof jsQR.default;
  const found = decode(new Uint8ClampedArray(data), info.width, info.height);
  const text = found?.data.trim() ?? '';
  return text === '' ? null : text;
}
