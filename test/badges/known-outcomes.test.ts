import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RecordedWeb, startRecordedWeb } from '../support/recorded-web.ts';
import { file, readerWith } from './reader.ts';

const FOLDER = join(import.meta.dirname, 'fixtures/1edtech');
const read = (name: string): Buffer => readFileSync(join(FOLDER, name));
type Case = { readonly file: string; readonly outcome: string; readonly why: string };
type Page = { readonly file: string; readonly contentType: string; readonly status: number };
const cases: readonly Case[] = JSON.parse(read('cases.json').toString());
const pages: Readonly<Record<string, Page>> = JSON.parse(read('web.json').toString());

let web: RecordedWeb;
beforeAll(async () => {
  web = await startRecordedWeb();
  for (const [url, page] of Object.entries(pages)) web.put(url, { ...page, body: read(page.file) });
});
afterAll(() => web.close());

test.for(cases)('$file is $outcome: $why', async ({ file: name, outcome }) => {
  const report = await readerWith({ proxy: web.proxy })(file(read(name)), null);
  expect(report.outcome).toBe(outcome);
});
