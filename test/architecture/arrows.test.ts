import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, test } from 'vitest';

/** What each room may import from, besides itself. Everything points inward to `domain`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  classify: ['domain'],
  badges: ['domain'],
  catalogue: ['domain'],
  passback: ['domain'],
  services: ['domain', 'classify'],
  lti: ['domain'],
  classroom: ['domain'],
  web: ['domain', 'services'],
  'storage/sqlite': ['domain'],
  'storage/mongo': ['domain'],
  demo: [],
};
/** Files of `src` itself and the command line wire the rooms together. */
const WIRING = ['', 'cli'];
/** Libraries that only one room may know. */
const FENCED: Readonly<Record<string, string>> = {
  ltijs: 'lti',
  mongoose: 'storage/mongo',
  'node:sqlite': 'storage/sqlite',
  express: 'web lti classroom demo',
  undici: 'badges lti classroom demo',
};

type Import = { readonly file: string; readonly room: string; readonly target: string };

function roomOf(path: string): string {
  const parts = dirname(path).split(sep).slice(1);
  return parts[0] === 'storage' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

const imports: Import[] = globSync('src/**/*.ts').flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:^(?:import|export|\}) .*?from |^import |\bimport\()'([^']+)'/gm,
    ),
  ].map((match) => ({
    file,
    room: roomOf(file),
    target: match[1] ?? '',
  })),
);

test('every room of src is in the plan of arrows', () => {
  const rooms = new Set(imports.map((i) => i.room).filter((room) => !WIRING.includes(room)));
  expect([...rooms].filter((room) => !(room in ALLOWED))).toEqual([]);
});

test('imports point inward', () => {
  const wrong = imports
    .filter((i) => i.target.startsWith('.') && !WIRING.includes(i.room))
    .map((i) => ({ ...i, to: roomOf(normalize(join(dirname(i.file), i.target))) }))
    .filter((i) => i.to !== i.room && !(ALLOWED[i.room] ?? []).includes(i.to))
    .map((i) => `${i.file} → ${i.target}`);
  expect(wrong).toEqual([]);
});

test('the core imports no library and no Node module', () => {
  const wrong = imports
    .filter((i) => (i.room === 'domain' || i.room === 'classify') && !i.target.startsWith('.'))
    .map((i) => `${i.file} → ${i.target}`);
  expect(wrong).toEqual([]);
});

test('libraries with holes or lock-in stay behind their fence', () => {
  const wrong = imports
    .filter((i) => {
      const fence = FENCED[i.target];
      return fence !== undefined && !fence.split(' ').includes(i.room);
    })
    .map((i) => `${i.file} → ${i.target}`);
  expect(wrong).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const wrong = globSync('src/**/*.ts').filter(
    (file) => file !== join('src', 'config.ts') && readFileSync(file, 'utf8').includes('process.env'),
  );
  expect(wrong).toEqual([]);
});
