import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Line } from './certificate-text.ts';

/** The first is tried first: it reads English too, and the other would take É for E. */
const LANGUAGES = ['fra', 'eng'] as const;
const LIMIT_MS = 25_000;
const IDLE_MS = 30_000;
const MAX_WAITING = 20;
const MIN_LINE_CERTAINTY = 50;

/** What was read in a picture; `certainty` from 0 to 100 over its letters, of which there are `letters`. */
export type Words = { readonly lines: readonly Line[]; readonly certainty: number; readonly letters: number };

/** Reads the letters in a PNG. Null when it took too long, broke, or too many wait. Never throws. */
export type ReadWords = (png: Uint8Array) => Promise<Words | null>;

/**
 * English and French, with the language data that is installed with the tool: nothing is downloaded. One picture at a
 * time, in a thread of its own that ends when it takes too long or has nothing to do.
 */
export function createReadWords(): ReadWords {
  let folder: string | null = null;
  let reader: Promise<Reader> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  const end = (): void => {
    const old = reader;
    reader = null;
    old?.then((one) => one.terminate()).catch(() => undefined);
  };
  const recognize = async (png: Uint8Array): Promise<Words | null> => {
    clearTimeout(idle);
    folder ??= languageFolder();
    reader ??= startReader(folder);
    try {
      const one = await reader;
      one.worker.ref();
      const words = await withinTime(one.read(png));
      if (words === null) end();
      else one.worker.unref();
      return words;
    } catch {
      end();
      return null;
    } finally {
      idle = setTimeout(end, IDLE_MS).unref();
    }
  };
  return (png) => {
    if (waiting >= MAX_WAITING) return Promise.resolve(null);
    waiting += 1;
    const turn = last
      .then(() => recognize(png))
      .finally(() => {
        waiting -= 1;
      });
    last = turn;
    return turn;
  };
}

type Reader = {
  readonly read: (png: Uint8Array) => Promise<Words>;
  readonly terminate: () => Promise<unknown>;
  /** The thread itself, so that one without work does not keep a command from ending. */
  readonly worker: Pick<Worker, 'ref' | 'unref' | 'on'>;
};

async function startReader(langPath: string): Promise<Reader> {
  // Loaded by the first picture: most servers go for hours without one.
  const { createWorker, OEM, PSM } = await import('tesseract.js');
  const engine = await createWorker([...LANGUAGES], OEM.LSTM_ONLY, {
    langPath,
    workerPath: join(import.meta.dirname, 'letters-thread.ts'),
    cacheMethod: 'none',
    errorHandler: () => undefined,
  });
  // Said here because pictures are scaled: their own figure is wrong, and it would be complained about on stderr.
  // One column of lines of any size: with columns looked for, a big title is at times taken for a picture and left out.
  await engine.setParameters({
    user_defined_dpi: '150',
    tessedit_pageseg_mode: PSM.SINGLE_COLUMN,
    debug_file: '/dev/null',
  });
  const { worker } = engine as unknown as Pick<Reader, 'worker'>;
  // A thread that dies, of memory say, must not take the server with it; whoever waits for it is told by the clock.
  worker.on('error', () => undefined);
  return {
    terminate: () => engine.terminate(),
    worker,
    read: async (png) => {
      const { data } = await engine.recognize(Buffer.from(png), {}, { blocks: true });
      const lines = (data.blocks ?? [])
        .flatMap((block) => block.paragraphs)
        .flatMap((paragraph) => paragraph.lines)
        .filter((line) => line.confidence >= MIN_LINE_CERTAINTY)
        .map((line) => ({
          text: line.text.trim(),
          size: heightOf(line.words),
          words: line.words.map((word) => ({ text: word.text, certainty: word.confidence })),
        }));
      const words = lines.flatMap((line) => line.words);
      const letters = words.reduce((sum, word) => sum + word.text.length, 0);
      const sure = words.reduce((sum, word) => sum + word.text.length * word.certainty, 0);
      return { lines, certainty: letters === 0 ? 0 : Math.round(sure / letters), letters };
    },
  };
}

/** Of its words, the lower of the middle two: a seal or a rule beside them is not a letter. */
function heightOf(words: readonly { readonly bbox: { readonly y0: number; readonly y1: number } }[]): number {
  const heights = words.map(({ bbox }) => bbox.y1 - bbox.y0).toSorted((a, b) => a - b);
  return heights[Math.floor((heights.length - 1) / 2)] ?? 0;
}

async function withinTime(work: Promise<Words>): Promise<Words | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LIMIT_MS);
  });
  // Work that is given up may still fail later, which nobody waits for then.
  work.catch(() => undefined);
  return Promise.race([work, timeUp]).finally(() => clearTimeout(timer));
}

/** The reader wants all languages in one folder; the packages keep one each. */
function languageFolder(): string {
  const require = createRequire(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'shsm-badges-'));
  for (const language of LANGUAGES) {
    const home = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`));
    const file = `${language}.traineddata.gz`;
    symlinkSync(join(home, '4.0.0_best_int', file), join(folder, file));
  }
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
