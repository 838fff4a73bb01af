import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWorker, OEM } from 'tesseract.js';
import type { Line } from './certificate-text.ts';

const LANGUAGES = ['eng', 'fra'] as const;
const LIMIT_MS = 25_000;
const MAX_WAITING = 20;

/** What was read in a picture; `certainty` from 0 to 100 over all of it. */
export type Words = { readonly lines: readonly Line[]; readonly certainty: number };

/** Reads the letters in a PNG. Null when it took too long, broke, or too many wait. Never throws. */
export type ReadWords = (png: Uint8Array) => Promise<Words | null>;

/**
 * English and French, with the language data that is installed with the tool: nothing is downloaded. One picture at a
 * time, each in a thread of its own that ends with it.
 */
export function createReadWords(): ReadWords {
  let folder: string | null = null;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return (png) => {
    if (waiting >= MAX_WAITING) return Promise.resolve(null);
    waiting += 1;
    folder ??= languageFolder();
    const from = folder;
    const turn = last
      .then(() => recognize(png, from))
      .finally(() => {
        waiting -= 1;
      });
    last = turn;
    return turn;
  };
}

async function recognize(png: Uint8Array, langPath: string): Promise<Words | null> {
  let end: () => void = () => undefined;
  const timeUp = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), LIMIT_MS);
    end = () => clearTimeout(timer);
  });
  const starting = createWorker([...LANGUAGES], OEM.LSTM_ONLY, {
    langPath,
    cacheMethod: 'none',
    errorHandler: () => undefined,
  });
  try {
    const worker = await starting;
    // Said here because pictures are scaled: their own figure is wrong, and it would be complained about on stderr.
    await worker.setParameters({ user_defined_dpi: '150' });
    const result = await Promise.race([worker.recognize(Buffer.from(png), {}, { blocks: true }), timeUp]);
    if (result === null) return null;
    const found = (result.data.blocks ?? [])
      .flatMap((block) => block.paragraphs)
      .flatMap((paragraph) => paragraph.lines)
      .filter((line) => line.confidence >= 50);
    return {
      lines: found.map((line) => ({ text: line.text.trim(), size: line.bbox.y1 - line.bbox.y0 })),
      certainty: Math.round(result.data.confidence),
    };
  } catch {
    return null;
  } finally {
    end();
    starting.then((worker) => worker.terminate()).catch(() => undefined);
  }
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
