/** A picture as one brightness a pixel, row by row, 0 black to 255 white. */
export type Grey = { readonly pixels: Uint8Array; readonly width: number; readonly height: number };

const BLOCK = 24;
/** Paper darker than this is left as it is: making it white would turn a dark desk into noise. */
const DARKEST_PAPER = 56;
const WHITE = 248;

/**
 * Takes shadows and uneven light out: each part of the picture is compared with the brightest of its neighbourhood,
 * which on a certificate is its paper.
 */
export function evenLight({ pixels, width, height }: Grey): Grey {
  const [across, down] = [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)];
  const paper = smooth(smooth(brightest(pixels, width, height, across, down), across, down), across, down);
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y += 1) {
    const v = Math.max(0, Math.min(down - 1.001, (y + 0.5) / BLOCK - 0.5));
    const [row, dv] = [Math.floor(v), v - Math.floor(v)];
    const below = Math.min(down - 1, row + 1);
    for (let x = 0; x < width; x += 1) {
      const u = Math.max(0, Math.min(across - 1.001, (x + 0.5) / BLOCK - 0.5));
      const [column, du] = [Math.floor(u), u - Math.floor(u)];
      const right = Math.min(across - 1, column + 1);
      const top = at(paper, row * across + column) * (1 - du) + at(paper, row * across + right) * du;
      const bottom = at(paper, below * across + column) * (1 - du) + at(paper, below * across + right) * du;
      const light = Math.max(DARKEST_PAPER, top * (1 - dv) + bottom * dv);
      out[y * width + x] = Math.min(255, (at(pixels, y * width + x) * WHITE) / light);
    }
  }
  return { pixels: out, width, height };
}

/** How bright the paper is in each block: nearly its brightest pixel, so that a speck of glare does not count. */
function brightest(
  pixels: Uint8Array,
  width: number,
  height: number,
  across: number,
  down: number,
): Float32Array {
  const found = new Float32Array(across * down);
  const counts = new Uint16Array(32);
  for (let row = 0; row < down; row += 1)
    for (let column = 0; column < across; column += 1) {
      counts.fill(0);
      let seen = 0;
      for (let y = row * BLOCK; y < Math.min(height, (row + 1) * BLOCK); y += 2)
        for (let x = column * BLOCK; x < Math.min(width, (column + 1) * BLOCK); x += 2) {
          const level = at(pixels, y * width + x) >> 3;
          counts[level] = at(counts, level) + 1;
          seen += 1;
        }
      let level = 31;
      for (let above = 0; level > 0; level -= 1) {
        above += at(counts, level);
        if (above > seen * 0.1) break;
      }
      found[row * across + column] = level * 8 + 4;
    }
  return found;
}

function smooth(values: Float32Array, across: number, down: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < down; row += 1)
    for (let column = 0; column < across; column += 1) {
      let [sum, count] = [0, 0];
      for (let y = Math.max(0, row - 1); y <= Math.min(down - 1, row + 1); y += 1)
        for (let x = Math.max(0, column - 1); x <= Math.min(across - 1, column + 1); x += 1) {
          sum += at(values, y * across + x);
          count += 1;
        }
      out[row * across + column] = sum / count;
    }
  return out;
}

/** The mean of each block of pixels, so that the longer side is at most `side`. */
export function shrink({ pixels, width, height }: Grey, side: number): Grey & { readonly step: number } {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / side));
  const [w, h] = [Math.max(1, Math.floor(width / step)), Math.max(1, Math.floor(height / step))];
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1) {
      let sum = 0;
      for (let dy = 0; dy < step; dy += 1)
        for (let dx = 0; dx < step; dx += 1) sum += at(pixels, (y * step + dy) * width + x * step + dx);
      out[y * w + x] = sum / (step * step);
    }
  return { pixels: out, width: w, height: h, step };
}

/** Typed arrays are never asked beyond their end here. */
function at(values: Uint8Array | Uint16Array | Float32Array, index: number): number {
  return values[index] ?? 0;
}
