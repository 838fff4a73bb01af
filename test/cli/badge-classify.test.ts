import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'shsm-classify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const env = { SHSM_DATABASE: `sqlite:${join(folder, 'cli.db')}`, SHSM_OUTBOUND: 'off' };
const run = (...args: string[]) => runCommand(args, env);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('typed-in facts are placed, and the report is that of the interface', async () => {
  const facts = file(
    'facts.json',
    JSON.stringify({
      facts: {
        title: 'Standard First Aid & CPR C',
        issuer: 'Canadian Red Cross',
        issuedOn: '2026-03-02T10:00Z',
      },
    }),
  );
  const answer = await run(
    'badge',
    'classify',
    '--sector',
    'health-wellness',
    facts,
    '--today',
    '2026-11-23',
    '--json',
  );
  expect(answer.code).toBe(0);
  const report = JSON.parse(answer.stdout);
  expect(Object.keys(report)).toEqual([
    'sector',
    'rulesVersion',
    'placement',
    'certification',
    'also',
    'match',
    'needsConfirmation',
    'confidence',
    'reasons',
    'checks',
    'quality',
  ]);
  expect(report).toMatchObject({
    sector: 'health-wellness',
    placement: 'compulsory',
    certification: 'standard-first-aid',
    also: ['cpr-c-aed'],
    match: 'named',
    needsConfirmation: false,
  });
  expect(report.checks).toContainEqual(expect.objectContaining({ id: 'dates', result: 'pass' }));
});

test('a batch answers every line in order, and a bad line in its place', async () => {
  const batch = file(
    'batch.jsonl',
    [
      '\uFEFF{"id":"a","sector":"construction","facts":{"name":"Working at Heights","issuer":{"name":"IHSA","url":"https://www.ihsa.ca"}}}',
      'not json',
      '',
      '{"id":7,"sector":"business","facts":{"title":"Service à la clientèle","hours":"2,5 h"}}\r',
      '{"id":"c","sector":"nowhere","facts":{"name":"WHMIS"}}',
      '{"id":"d","sector":"construction","facts":{"name":42,"issuer":[1],"expiresOn":false,"evidence":{}}}',
    ].join('\n'),
  );
  const answer = await run('badge', 'classify', '--batch', batch);
  const lines = answer.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(
    lines.map(({ id, placement, certification, error }) => ({ id, placement, certification, error })),
  ).toEqual([
    { id: 'a', placement: 'compulsory', certification: 'working-at-heights' },
    { id: null, error: 'line 2 is not {"id","sector","facts"}' },
    { id: 7, placement: 'compulsory', certification: 'customer-service' },
    { id: 'c', placement: 'undetermined', certification: null },
    { id: 'd', placement: 'undetermined', certification: null },
  ]);
  expect(answer.code).toBe(1);
});

describe('wrong use ends with exit code 2 and says what is missing', () => {
  test.each<[string, string[], string]>([
    ['no sector', ['x.json'], '--sector'],
    ['an unknown sector', ['--sector', 'magic', 'x.json'], 'construction'],
    ['no file', ['--sector', 'business'], '--batch'],
    ['a file that is not there', ['--sector', 'business', '/no/such.json'], '/no/such.json'],
    ['a batch that is not there', ['--batch', '/no/such.jsonl'], '/no/such.jsonl'],
  ])('%s', async (_name, args, said) => {
    const answer = await run('badge', 'classify', ...args);
    expect([answer.code, answer.stdout]).toEqual([2, '']);
    expect(answer.stderr).toContain(said);
  });
});

test('the rules that ship have no mistakes, and a sector can be shown as a table', async () => {
  const check = await run('rules', 'check', '--json');
  expect([check.code, JSON.parse(check.stdout)]).toEqual([
    0,
    {
      ok: true,
      rulesVersion: expect.stringMatching(/^2026\.1\+/),
      sectors: 19,
      certifications: 200,
      problems: [],
    },
  ]);
  const show = await run('rules', 'show', 'mining');
  expect(show.stdout).toContain('total not known');
  expect(show.stdout).toMatch(/compulsory +ask +named +common-core-mining/);
  expect((await run('rules', 'show', 'magic')).code).toBe(2);
});
