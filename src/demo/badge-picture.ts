import { encodePng } from './png.ts';

export type BadgeSymbol = 'cross' | 'diamond' | 'heart' | 'leaf' | 'drop' | 'pot';
type Colour = readonly [red: number, green: number, blue: number];
type Shape = (x: number, y: number) => boolean;
type Paint = (x: number, y: number) => Colour | null;

const SIZE = 256;
/** Each pixel is the mean of this many points a side, which smooths the edges. */
const SAMPLES = 4;
const WHITE: Colour = [255, 255, 255];

const circle =
  (cx: number, cy: number, r: number): Shape =>
  (x, y) =>
    (x - cx) ** 2 + (y - cy) ** 2 < r * r;
const box =
  (cx: number, cy: number, halfWidth: number, halfHeight: number): Shape =>
  (x, y) =>
    Math.abs(x - cx) < halfWidth && Math.abs(y - cy) < halfHeight;
const any =
  (...shapes: Shape[]): Shape =>
  (x, y) =>
    shapes.some((shape) => shape(x, y));
const both =
  (a: Shape, b: Shape): Shape =>
  (x, y) =>
    a(x, y) && b(x, y);
const without =
  (a: Shape, b: Shape): Shape =>
  (x, y) =>
    a(x, y) && !b(x, y);
const hexagon =
  (r: number): Shape =>
  (x, y) =>
    Math.max(Math.abs(x), Math.abs(x) / 2 + Math.abs(y) * 0.866) < r * 0.866;
const diamond =
  (r: number): Shape =>
  (x, y) =>
    Math.abs(x) + Math.abs(y) < r;

/** Drawn in a square from -1 to 1 with y upwards. */
const SYMBOLS: Readonly<Record<BadgeSymbol, Shape>> = {
  cross: any(box(0, 0, 0.14, 0.42), box(0, 0, 0.42, 0.14)),
  diamond: any(
    without(diamond(0.55), diamond(0.44)),
    both(box(0, 0.08, 0.055, 0.19), (_x, y) => y < 0.27),
    circle(0, -0.22, 0.065),
  ),
  heart: (x, y) => {
    const [u, v] = [x / 0.42, (y + 0.02) / 0.42];
    return (u * u + v * v - 1) ** 3 - u * u * v ** 3 < 0;
  },
  leaf: any(
    without(
      both(circle(-0.3, 0.14, 0.56), circle(0.3, -0.14, 0.56)),
      (x, y) => Math.abs(x - y * 0.8) < 0.028,
    ),
    both(box(-0.33, -0.4, 0.1, 0.14), (x, y) => Math.abs(x - y * 0.8) < 0.05),
  ),
  drop: any(circle(0, -0.14, 0.3), (x, y) => y > -0.02 && y < 0.5 && Math.abs(x) < (0.5 - y) * 0.54),
  pot: any(
    both(circle(0, 0.1, 0.44), (_x, y) => y < 0.08 && y > -0.28),
    box(0, 0.16, 0.46, 0.05),
    box(-0.18, 0.38, 0.03, 0.1),
    box(0, 0.42, 0.03, 0.1),
    box(0.18, 0.38, 0.03, 0.1),
  ),
};

/** A medal with a symbol, on a clear ground. */
export function drawBadge(colour: Colour, symbol: BadgeSymbol): Buffer {
  const darker = mix(colour, [0, 0, 0], 0.3);
  const lighter = mix(colour, WHITE, 0.35);
  const ribbon: Shape = (x, y) =>
    y < -0.5 && y > -0.97 + 0.24 * Math.abs(Math.abs(x) - 0.34) && Math.abs(Math.abs(x) - 0.34) < 0.19;
  const layers: readonly (readonly [Shape, Colour])[] = [
    [ribbon, darker],
    [hexagon(0.92), darker],
    [hexagon(0.85), colour],
    [without(hexagon(0.77), hexagon(0.74)), lighter],
    [SYMBOLS[symbol], WHITE],
  ];
  const colourAt: Paint = (x, y) => layers.findLast(([shape]) => shape(x, y))?.[1] ?? null;

  const rgba = new Uint8Array(SIZE * SIZE * 4);
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column < SIZE; column += 1) {
      rgba.set(pixel(row, column, colourAt), (row * SIZE + column) * 4);
    }
  }
  return encodePng(rgba, SIZE);
}

/** Red, green, blue and alpha. Only a pixel whose corners differ lies on an edge and is worth many samples. */
function pixel(row: number, column: number, colourAt: Paint): readonly number[] {
  const sample = (across: number, down: number) =>
    colourAt(((column + across) * 2) / SIZE - 1, 1 - ((row + down) * 2) / SIZE);
  const corner = sample(0, 0);
  if (sample(1, 0) === corner && sample(0, 1) === corner && sample(1, 1) === corner) {
    return corner === null ? [0, 0, 0, 0] : [...corner, 255];
  }
  const covered = Array.from({ length: SAMPLES * SAMPLES }, (_, i) =>
    sample(((i % SAMPLES) + 0.5) / SAMPLES, (Math.floor(i / SAMPLES) + 0.5) / SAMPLES),
  ).filter((colour) => colour !== null);
  if (covered.length === 0) return [0, 0, 0, 0];
  const mean = (channel: 0 | 1 | 2) =>
    Math.round(covered.reduce((sum, colour) => sum + colour[channel], 0) / covered.length);
  return [mean(0), mean(1), mean(2), Math.round((255 * covered.length) / SAMPLES ** 2)];
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const at = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * share);
  return [at(0), at(1), at(2)];
}
