import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Line } from './certificate-text.ts';

const LANGUAGES = ['eng', 'fra'] as const;
const LIMIT_MS = 25_000;
const IDLE_MS = 30_000;
const MAX_WAITING = 20;
const MIN_LINE_CERTAINTY = 50;

/** What was read in a picture; `certainty` from 0 to 100 over all of it, `seen` counts lines that were too unclear as well. */
export type Words = { readonly lines: readonly Line[]; readonly certainty: number; readonly seen: number };

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
  const { createWorker, OEM } = await import('tesseract.js');
  const engine = await createWorker([...LANGUAGES], OEM.LSTM_ONLY, {
    langPath,
    cacheMethod: 'none',
    errorHandler: () => undefined,
  });
  // Said here because pictures are scaled: their own figure is wrong, and it would be complained about on stderr.
  await engine.setParameters({ user_defined_dpi: '150' });
  const { worker } = engine as unknown as Pick<Reader, 'worker'>;
  // A thread that dies, of memory say, must not take the server with it; whoever waits for it is told by the clock.
  worker.on('error', () => undefined);
  return {
    terminate: () => engine.terminate(),
    worker,
    read: async (png) => {
      const { data } = await engine.recognize(Buffer.from(png), {}, { blocks: true });
      const seen = (data.blocks ?? [])
        .flatMap((block) => block.paragraphs)
        .flatMap((paragraph) => paragraph.lines);
      return {
        lines: seen
          .filter((line) => line.confidence >= MIN_LINE_CERTAINTY)
          .map((line) => ({ text: line.text.trim(), size: line.bbox.y1 - line.bbox.y0 })),
        certainty: Math.round(data.confidence),
        seen: seen.length,
      };
    },
  };
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
