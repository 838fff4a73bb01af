import { loadavg } from 'node:os';

/** `npm run bench -- --full` measures at the sizes that the goals name; without it, at a tenth or less. */
export const isFull = process.argv.includes('--full');

export function sized(full: number, modest: number): number {
  return isFull ? full : modest;
}

/** The value that so large a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** A figure beside its goal, and whether it was met. */
export function judged(figure: number, goal: number, kind: 'at-least' | 'at-most', unit: string): string {
  const isMet = kind === 'at-least' ? figure >= goal : figure <= goal;
  const digits = Math.abs(goal) < 10 ? 2 : 0;
  const bound = kind === 'at-least' ? 'at least' : 'at most';
  return `${figure.toFixed(digits)}${unit} (goal ${bound} ${goal}${unit}: ${isMet ? 'met' : 'MISSED'})`;
}

/** How busy the machine is, of itself and of others: figures of a busy machine are lower. */
export function load(): string {
  return `load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
}
