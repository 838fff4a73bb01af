import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'shsm-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const CONFIG = join(import.meta.dirname, '../../config');

test('a number that changed and a missing file are named', async () => {
  const changed = join(folder, 'changed');
  cpSync(CONFIG, changed, { recursive: true });
  const file = join(changed, 'sectors', 'health-wellness.json');
  const sector = JSON.parse(readFileSync(file, 'utf8'));
  sector.certifications.electives.choose = 4;
  sector.certifications.total = 8;
  writeFileSync(file, JSON.stringify(sector));
  const env = { SHSM_DATABASE: `sqlite:${join(folder, 'rules.db')}` };

  const diff = await runCommand(['rules', 'diff', CONFIG, changed, '--json'], env);
  expect(diff.code, diff.stderr).toBe(0);
  expect(JSON.parse(diff.stdout)).toMatchObject({
    changes: [
      { where: 'health-wellness', before: '7', after: '8' },
      { where: 'health-wellness', before: '3', after: '4' },
    ],
    waiting: [],
  });
  const broken = await runCommand(['rules', 'diff', join(folder, 'nowhere')], env);
  expect({ code: broken.code, stdout: broken.stdout }).toEqual({ code: 2, stdout: '' });
});
