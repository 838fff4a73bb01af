import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'contexts');
const index: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
const loaded = new Map<string, unknown>();

/** A JSON-LD context of `contexts/`. Undefined for any other address: no context is ever fetched. */
export function bundledContext(url: string): unknown {
  const file = Object.hasOwn(index, url) ? index[url] : undefined;
  if (file === undefined) return undefined;
  if (!loaded.has(file)) loaded.set(file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  return loaded.get(file);
}

/** The contexts that are not among ours, of a credential's `@context`. */
export function unbundledContexts(contexts: readonly unknown[]): readonly string[] {
  return contexts
    .filter((context) => typeof context === 'string')
    .filter((url) => !Object.hasOwn(index, url));
}
