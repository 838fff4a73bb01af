import { labelled, mark, placeTyped } from '../test/support/placing.ts';

/**
 * How well and how fast titles are placed: the share placed right, lines claimed too much and too little, on the titles the
 * rules were tuned on and on those put aside before; and titles a second.
 */
export async function placementBench(): Promise<string> {
  const lines: string[] = [];
  for (const part of ['tuned', 'held-out'] as const) {
    const items = labelled(part);
    const marks = items.map((item) => mark(item, placeTyped(item.sector, item.facts)));
    const count = (wanted: string) => marks.filter((marked) => marked === wanted).length;
    const share = ((count('right') / items.length) * 100).toFixed(1);
    lines.push(
      `placement, ${part}: ${items.length} titles, ${share} % right, ${count('overclaim')} overclaims, ${count('underclaim')} underclaims, ${count('other')} other`,
    );
  }
  const items = labelled('tuned');
  const rounds = 10;
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1)
    for (const item of items) JSON.stringify(placeTyped(item.sector, item.facts));
  const seconds = (performance.now() - start) / 1000;
  lines.push(`placement: ${Math.round((items.length * rounds) / seconds)} titles a second`);
  return lines.join('\n');
}
