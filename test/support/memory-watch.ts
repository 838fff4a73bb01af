import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MB = 1024 * 1024;

type Sample = { readonly runs: number; readonly heap: number; readonly rss: number };

/** Memory over a long run: the heap after a full collection, and what the whole process holds. */
export function createMemoryWatch(name: string, every: number) {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const samples: Sample[] = [];
  let runs = 0;

  return {
    tick(): void {
      runs += 1;
      if (runs % every !== 0) return;
      collect();
      const { heapUsed, rss } = process.memoryUsage();
      samples.push({ runs, heap: heapUsed / MB, rss: rss / MB });
    },
    runs: () => runs,
    print(): void {
      const line = ({ runs: at, heap, rss }: Sample) =>
        `${String(at).padStart(8)} requests  heap ${heap.toFixed(1)} MB  whole process ${rss.toFixed(0)} MB`;
      const few = samples.filter(
        (_, at) => at % Math.ceil(samples.length / 10) === 0 || at === samples.length - 1,
      );
      process.stdout.write(`\n${name}, seed and all:\n${few.map(line).join('\n')}\n`);
    },
    /** By how many MB the last third of the run stands above the second: the first one warms up. Too few samples: 0. */
    growth(): { readonly heap: number; readonly rss: number } {
      const third = Math.floor(samples.length / 3);
      if (third < 2) return { heap: 0, rss: 0 };
      const [before, after] = [samples.slice(third, 2 * third), samples.slice(-third)];
      const mean = (of: readonly Sample[], figure: 'heap' | 'rss') =>
        of.reduce((sum, sample) => sum + sample[figure], 0) / of.length;
      return {
        heap: mean(after, 'heap') - mean(before, 'heap'),
        rss: mean(after, 'rss') - mean(before, 'rss'),
      };
    },
  };
}
