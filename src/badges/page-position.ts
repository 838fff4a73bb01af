import type { Grey } from './grey-page.ts';

export type Position = {
  /** Whether the lines of writing run from top to bottom of the picture as it is. */
  readonly onItsSide: boolean;
  /** Degrees to turn it clockwise, after that, so that its lines are level. */
  readonly skew: number;
};

const INK = 150;
const MAX_SKEW = 12;
/** What is longer is a frame, a rule, a seal or the edge of the paper. */
const MAX_LETTER = 70;

/**
 * How a page lies in an evenly lit picture of a few hundred pixels, from how its ink gathers in lines (projection
 * profiles): level lines of writing are rows full of ink with empty rows between.
 */
export function positionOf(picture: Grey): Position {
  const ink = letters(picture);
  if (ink.x.length < 200) return { onItsSide: false, skew: 0 };
  const level = steepest(ink.x, ink.y);
  // Turned a quarter back, what ran down the picture runs along it.
  const side = steepest(
    ink.y,
    ink.x.map((x) => picture.width - 1 - x),
  );
  const onItsSide = side.score > level.score * 1.05;
  return { onItsSide, skew: -(onItsSide ? side : level).angle };
}

type Ink = { readonly x: Float32Array; readonly y: Float32Array };

/** The ink that is about as big as letters and short words. */
function letters({ pixels, width, height }: Grey): Ink {
  const state = new Uint8Array(width * height);
  for (let at = 0; at < state.length; at += 1) state[at] = (pixels[at] ?? 255) < INK ? 1 : 0;
  const [x, y]: [number[], number[]] = [[], []];
  for (let start = 0; start < state.length; start += 1) {
    if (state[start] !== 1) continue;
    const shape = [start];
    state[start] = 2;
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let next = 0; next < shape.length; next += 1) {
      const at = shape[next] ?? 0;
      const [column, row] = [at % width, Math.floor(at / width)];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      for (const near of [column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width])
        if (state[near] === 1) {
          state[near] = 2;
          shape.push(near);
        }
    }
    if (Math.max(right - left, bottom - top) > MAX_LETTER || shape.length < 3) continue;
    for (const at of shape) {
      x.push(at % width);
      y.push(Math.floor(at / width));
    }
  }
  return { x: Float32Array.from(x), y: Float32Array.from(y) };
}

/** The angle under which the ink lies most in lines; degrees, positive when lines sink to the right. */
function steepest(x: Float32Array, y: Float32Array): { readonly angle: number; readonly score: number } {
  const best = (from: number, to: number, step: number) => {
    let found = { angle: 0, score: -1 };
    for (let angle = from; angle <= to + 1e-9; angle += step) {
      const score = lined(x, y, angle);
      if (score > found.score) found = { angle, score };
    }
    return found;
  };
  const rough = best(-MAX_SKEW, MAX_SKEW, 1);
  return best(rough.angle - 0.75, rough.angle + 0.75, 0.25);
}

/** How sharply the ink of neighbouring rows differs when rows sink by this angle. */
function lined(x: Float32Array, y: Float32Array, angle: number): number {
  const slope = Math.tan((angle * Math.PI) / 180);
  const rows = new Map<number, number>();
  for (let at = 0; at < x.length; at += 1) {
    const row = Math.round((y[at] ?? 0) - (x[at] ?? 0) * slope);
    rows.set(row, (rows.get(row) ?? 0) + 1);
  }
  let score = 0;
  for (const [row, ink] of rows) {
    const change = ink - (rows.get(row - 1) ?? 0);
    score += change * change;
    if (!rows.has(row + 1)) score += ink * ink;
  }
  return score;
}

export type Box = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/** How much brightness may change from pixel to pixel within one surface. */
const SAME_SURFACE = 14;

/**
 * Where something is on the picture: what is left when the surface that reaches its edges (a desk, a white margin) is
 * taken away. Null when that is nearly all of it, or nearly nothing.
 */
export function contentBox({ pixels, width, height }: Grey): Box | null {
  const outside = new Uint8Array(width * height);
  const open: number[] = [];
  const take = (at: number): void => {
    if (outside[at] === 0) {
      outside[at] = 1;
      open.push(at);
    }
  };
  for (let x = 0; x < width; x += 1) {
    take(x);
    take((height - 1) * width + x);
  }
  for (let y = 0; y < height; y += 1) {
    take(y * width);
    take(y * width + width - 1);
  }
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, own] = [at % width, pixels[at] ?? 0];
    for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width])
      if (next >= 0 && next < outside.length && outside[next] === 0)
        if (Math.abs((pixels[next] ?? 0) - own) <= SAME_SURFACE) take(next);
  }
  const rows = new Uint32Array(height);
  const columns = new Uint32Array(width);
  for (let at = 0; at < outside.length; at += 1)
    if (outside[at] === 0) {
      const [x, y] = [at % width, Math.floor(at / width)];
      rows[y] = (rows[y] ?? 0) + 1;
      columns[x] = (columns[x] ?? 0) + 1;
    }
  const [top, bottom] = [rows.findIndex((ink) => ink > 1), rows.findLastIndex((ink) => ink > 1)];
  const [left, right] = [columns.findIndex((ink) => ink > 1), columns.findLastIndex((ink) => ink > 1)];
  const box = { left, top, width: right - left + 1, height: bottom - top + 1 };
  const share = (box.width * box.height) / (width * height);
  return top < 0 || left < 0 || share < 0.04 || share > 0.97 ? null : box;
}

/** The band of a level page that holds the most writing, for a first look at which way up it is. */
export function densestBand({ pixels, width, height }: Grey, share: number): Box {
  const changes = new Float32Array(height);
  for (let y = 0; y < height; y += 1)
    for (let x = 1; x < width; x += 1) {
      const [before, here] = [pixels[y * width + x - 1] ?? 255, pixels[y * width + x] ?? 255];
      if (before < INK !== here < INK) changes[y] = (changes[y] ?? 0) + 1;
    }
  const band = Math.max(1, Math.round(height * share));
  let sum = 0;
  let best = { top: 0, sum: -1 };
  for (let y = 0; y < height; y += 1) {
    sum += changes[y] ?? 0;
    if (y >= band) sum -= changes[y - band] ?? 0;
    if (sum > best.sum) best = { top: Math.max(0, y - band + 1), sum };
  }
  return { left: 0, top: best.top, width, height: Math.min(band, height - best.top) };
}
