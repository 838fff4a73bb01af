import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'shsm-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const env = { SHSM_DATABASE: `sqlite:${join(folder, 'cli.db')}`, SHSM_OUTBOUND: 'off' };
const run = (...args: string[]) => runCommand(args, env);

const BRIGHTSPACE = [
  ...['platform', 'add', '--name', 'Our Brightspace', '--issuer', 'https://lms.board.example'],
  ...['--client-id', 'client-1', '--auth-url', 'https://lms.board.example/d2l/lti/authenticate'],
  ...['--token-url', 'https://auth.brightspace.com/core/connect/token'],
  ...['--jwks-url', 'https://lms.board.example/d2l/.well-known/jwks'],
  ...['--audience', 'https://api.brightspace.com/auth/token', '--deployment-id', 'deployment-1'],
];

test('a platform is added, listed, disabled; the same again changes nothing', async () => {
  const added = await run(...BRIGHTSPACE, '--json');
  expect(added.code).toBe(0);
  const answer = JSON.parse(added.stdout);
  expect(answer).toEqual({
    id: answer.id,
    known: false,
    loginUrl: 'http://localhost:3000/lti/login',
    launchUrl: 'http://localhost:3000/lti/launch',
    keysetUrl: 'http://localhost:3000/lti/keys',
  });
  expect(JSON.parse((await run('--json', ...BRIGHTSPACE)).stdout)).toEqual({ ...answer, known: true });
  await run('platform', 'disable', answer.id);
  const [listed, ...others] = JSON.parse((await run('platform', 'list', '--json')).stdout);
  expect(others).toEqual([]);
  expect(listed).toMatchObject({
    id: answer.id,
    status: 'disabled',
    audience: 'https://api.brightspace.com/auth/token',
    deployments: [{ deploymentId: 'deployment-1', status: 'approved' }],
  });
  expect((await run('platform', 'enable', 'nobody')).code).toBe(1);
});

describe('wrong use and wrong configuration end with exit code 2 and a line each', () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ['an unknown command', ['fly'], {}, 'fly'],
    ['a missing option', ['platform', 'add', '--name', 'x'], {}, '--issuer'],
    ['an http address', [...BRIGHTSPACE, '--jwks-url', 'http://lms.board.example/keys'], {}, '--jwks-url'],
    ['a wrong setting', ['serve'], { SHSM_PORT: 'x', SHSM_OUTBOUND: 'x' }, 'SHSM_PORT: '],
    [
      'a database that cannot be opened',
      ['platform', 'list'],
      { SHSM_DATABASE: 'sqlite:package.json/x.db' },
      'database',
    ],
    ['a file that is not there', ['badge', 'read', '/no/such/file'], {}, '/no/such/file'],
  ])('%s', async (_name, args, over, expected) => {
    const result = await runCommand(args, { ...env, ...over });
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
    expect(result.stderr).toContain(expected);
    expect(result.stderr).not.toContain('    at ');
  });
});

test('every command has a help page', async () => {
  const help = await run('--help');
  expect(help.code).toBe(0);
  for (const command of ['serve', 'demo', 'platform', 'badge', 'rules', 'doctor'])
    expect(help.stdout).toContain(command);
});

test('doctor says what is missing, as text and as JSON', async () => {
  const healthy = await run('doctor', '--json');
  expect(healthy.code).toBe(0);
  expect(JSON.parse(healthy.stdout)).toMatchObject({ healthy: true });
  const wrong = await runCommand(['doctor'], { ...env, SHSM_PORT: 'x' });
  expect({ code: wrong.code, says: wrong.stderr.includes('SHSM_PORT') }).toEqual({ code: 2, says: true });
});

test('typed-in facts are read, placed, and judged by the sector’s list', async () => {
  const file = join(folder, 'facts.json');
  writeFileSync(
    file,
    JSON.stringify({ facts: { name: 'Standard First Aid', issuer: 'Canadian Red Cross' } }),
  );
  const placed = await run('badge', 'classify', '--sector', 'health-wellness', file, '--json');
  expect(placed.code).toBe(0);
  expect(JSON.parse(placed.stdout)).toMatchObject({
    sector: 'health-wellness',
    placement: 'compulsory',
    certification: 'standard-first-aid',
    also: [],
    match: 'named',
    needsConfirmation: false,
  });
});

test('the rules that ship are sound', async () => {
  const checked = await run('rules', 'check', '--json');
  expect({ code: checked.code, stderr: checked.stderr }).toEqual({ code: 0, stderr: '' });
});
