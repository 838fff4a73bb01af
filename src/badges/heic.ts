import { createRequire } from 'node:module';

const MAX_PIXELS = 50_000_000;
/** White paper takes a byte for some seventy; a small file that claims far more is a trap. */
const MAX_PIXELS_A_BYTE = 400;

export type Pixels = { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number };

/** What is used of libheif's own build for JavaScript; turned as the camera noted. */
type Image = {
  readonly get_width: () => number;
  readonly get_height: () => number;
  readonly is_primary?: () => boolean;
  readonly display: (into: Pixels, done: (image: Pixels | null) => void) => void;
  readonly free: () => void;
};
type Heif = { readonly HeifDecoder: new () => { readonly decode: (bytes: Uint8Array) => readonly Image[] } };

/** HEIC and HEIF by what is in them (ISO/IEC 23008-12): the pictures of newer phones. */
export function isHeic(bytes: Uint8Array): boolean {
  return /^ftyp(hei|hev|mif1|msf1)/.test(Buffer.from(bytes.subarray(4, 12)).toString('latin1'));
}

/** The main picture of a HEIC file, red, green, blue and alpha. Throws when it is broken or too big. */
export async function decodeHeic(bytes: Uint8Array): Promise<Pixels> {
  // Loaded by the first such photo: it brings its own decoder of 1.4 MB.
  const heif: Heif = createRequire(import.meta.url)('libheif-js/wasm-bundle');
  const images = new heif.HeifDecoder().decode(bytes);
  const image = images.find((one) => one.is_primary?.() === true) ?? images[0];
  if (image === undefined) throw new Error('no picture in it');
  const [width, height] = [image.get_width(), image.get_height()];
  const most = Math.min(MAX_PIXELS, bytes.length * MAX_PIXELS_A_BYTE);
  if (width * height > most || width < 1 || height < 1) throw new Error('too many pixels');
  const into = { data: new Uint8ClampedArray(width * height * 4), width, height };
  const shown = await new Promise<Pixels | null>((resolve) => {
    image.display(into, resolve);
  });
  for (const one of images) one.free();
  if (shown === null) throw new Error('the picture cannot be decoded');
  return shown;
}
