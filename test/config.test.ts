import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, unknownSettings } from '../src/config.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  SHSM_PUBLIC_URL: 'https://badges.board.example',
  SHSM_SECRET: 'a secret that is long enough to be one',
  SHSM_DATABASE: 'sqlite::memory:',
};

const problemsOf = (env: Record<string, string>) => {
  const read = readConfig(env);
  return read.ok ? [] : read.problems.map((line) => line.split(':')[0]);
};

describe('a wrong value is named, one line a mistake', () => {
  test.each<[Record<string, string>, string[]]>([
    [{ SHSM_PORT: 'high' }, ['SHSM_PORT']],
    [{ SHSM_PORT: '70000' }, ['SHSM_PORT']],
    [{ SHSM_PORT: '1.5' }, ['SHSM_PORT']],
    [{ SHSM_PUBLIC_URL: 'badges.board.example' }, ['SHSM_PUBLIC_URL']],
    [{ SHSM_PUBLIC_URL: 'https://board.example/badges' }, ['SHSM_PUBLIC_URL']],
    [{ SHSM_PUBLIC_URL: 'ftp://board.example' }, ['SHSM_PUBLIC_URL']],
    [{ SHSM_DATABASE: 'postgres://x' }, ['SHSM_DATABASE']],
    [{ SHSM_SECRET: 'short' }, ['SHSM_SECRET']],
    [{ SHSM_CONFIG_DIR: '/nowhere' }, ['SHSM_CONFIG_DIR']],
    [{ SHSM_OUTBOUND: 'maybe' }, ['SHSM_OUTBOUND']],
    [{ SHSM_OUTBOUND_PROXY: 'https://proxy:1' }, ['SHSM_OUTBOUND_PROXY']],
    [{ SHSM_ALLOW_PRIVATE_HOSTS: 'http://a/b' }, ['SHSM_ALLOW_PRIVATE_HOSTS']],
    [{ NODE_ENV: 'staging' }, ['NODE_ENV']],
    [{ SHSM_PORT: '-1', SHSM_OUTBOUND: 'no' }, ['SHSM_PORT', 'SHSM_OUTBOUND']],
    [{ NODE_ENV: 'production', SHSM_DATABASE: 'sqlite::memory:' }, ['SHSM_SECRET', 'SHSM_PUBLIC_URL']],
    [{ ...PRODUCTION, SHSM_GOOGLE_API_URL: 'http://127.0.0.1:1' }, ['SHSM_GOOGLE_API_URL']],
  ])('%j', (env, expected) => {
    expect(problemsOf({ SHSM_DATABASE: 'sqlite::memory:', ...env })).toEqual(expected);
  });
});

test('what was given is not repeated: it may be a secret', () => {
  const read = readConfig({ SHSM_SECRET: 'hunter2' });
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

test('production with everything it needs', () => {
  const read = readConfig({ ...PRODUCTION, SHSM_ALLOW_PRIVATE_HOSTS: 'badges.intranet, 10.0.0.4:8443' });
  expect(read).toMatchObject({
    ok: true,
    config: {
      production: true,
      publicUrl: 'https://badges.board.example',
      allowPrivateHosts: ['badges.intranet', '10.0.0.4:8443'],
    },
  });
});

test('a misspelt setting is noticed', () => {
  expect(unknownSettings({ SHSM_PORTS: '1', SHSM_PORT: '1', SHSM_GOOGLE_CLIENT_ID: 'x', PATH: '' })).toEqual([
    'SHSM_PORTS',
  ]);
});

test('.env.example shows every setting, and all its lines can be used', () => {
  const lines = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8').split('\n');
  const shown = Object.fromEntries(
    lines
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  expect(unknownSettings(shown)).toEqual([]);
  expect(problemsOf({ ...shown, SHSM_DATABASE: 'sqlite::memory:' })).toEqual([]);
  const source = readFileSync(join(import.meta.dirname, '../src/config.ts'), 'utf8');
  const settings = [...source.matchAll(/^ {2}(SHSM_[A-Z_]+):/gm)].map((match) => match[1]);
  expect(settings.filter((name) => name !== undefined && !(name in shown))).toEqual([]);
});
