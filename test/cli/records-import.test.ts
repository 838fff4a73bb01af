import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordsImport } from '../../src/cli/records-import.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { ActivitySettings } from '../../src/domain/activity.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/open-store.ts';
import {
  aDeployment,
  aMember,
  anActivity,
  anAuditEvent,
  aPlatform,
  COURSE,
  someSettings,
} from '../support/build.ts';
import { runCommand } from '../support/run-command.ts';

let folder: string;
let env: Record<string, string>;
let config: Config;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shsm-records-'));
  env = { SHSM_DATABASE: `sqlite:${join(folder, 'records.db')}`, SHSM_OUTBOUND: 'off' };
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  config = read.config;
  store = await openStore(config.database);
  await store.addPlatform(aPlatform(), anAuditEvent({ action: 'platform.added' }));
  await store.seeDeployment(aDeployment(), anAuditEvent({ id: 'audit-2', action: 'deployment.approved' }));
  await setUp({ scoring: 'lines' });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function setUp(settings: Partial<ActivitySettings>): Promise<void> {
  await store.recordLaunch(anActivity({ settings: null }), aMember({ userId: 'teacher-1', role: 'teacher' }));
  const audit = anAuditEvent({ id: crypto.randomUUID(), action: 'activity.set-up' });
  await store.saveSettings('activity-1', someSettings(settings), audit);
}

const HEADER = 'platform,context,link,user,certification,issuedOn,issuer,hours,note';
const PLACE = 'platform-1,context-1,link-1';
const AID = `${PLACE},student-1,standard-first-aid,2026-03-02,Canadian Red Cross,13,Training day`;

async function importing(content: string | Uint8Array, options: { dryRun?: boolean } = {}) {
  const file = join(folder, 'records.csv');
  writeFileSync(file, content);
  return recordsImport(config, file, { language: 'en', ...options });
}
const table = (...rows: readonly string[]) => `${[HEADER, ...rows].join('\r\n')}\r\n`;
const recorded = async (userId = 'student-1') => (await store.submissionsBy(COURSE, userId))[0];

test('a row becomes an accepted record entered by staff, with its score and its audit line', async () => {
  const answer = await importing(table(AID));
  expect(answer).toMatchObject({
    code: 0,
    data: { dryRun: false, rows: 1, imported: 1, known: 0, refused: 0, problems: [] },
  });
  const submission = await recorded();
  expect(submission).toMatchObject({
    userId: 'student-1',
    activityId: 'activity-1',
    sectorId: 'health-wellness',
    state: 'accepted',
    reflection: '',
    credential: {
      format: 'typed',
      outcome: 'self-reported',
      credential: {
        name: 'Standard First Aid',
        issuer: { name: 'Canadian Red Cross' },
        issuedOn: '2026-03-02',
        expiresOn: null,
        hours: 13,
      },
    },
    decision: {
      outcome: 'accepted',
      placement: 'compulsory',
      lines: ['standard-first-aid'],
      marks: {},
      comment: 'Training day',
      decidedBy: 'operator',
    },
    version: 1,
  });
  expect(await store.cell({ activityId: 'activity-1', userId: 'student-1' })).toMatchObject({
    status: 'pending',
    desiredVersion: 1,
    // One line of seven; nobody whom the LMS knows has graded it.
    desired: {
      scoreGiven: 1.43,
      gradingProgress: 'FullyGraded',
      comment: 'Training day',
      scoringUserId: null,
    },
  });
  expect(await store.auditOf(submission?.id ?? '')).toMatchObject([
    {
      actor: 'operator',
      action: 'submission.accepted',
      detail: { lines: 'standard-first-aid', imported: true },
    },
  ]);
});

test('the same row again changes nothing, in the same file or the next', async () => {
  expect((await importing(table(AID, AID))).data).toMatchObject({ rows: 2, imported: 1, known: 1 });
  const before = [await recorded(), await store.cell({ activityId: 'activity-1', userId: 'student-1' })];
  expect(await importing(table(AID.replace('2026-03-02', '2-Mar-26')))).toMatchObject({
    code: 0,
    data: { imported: 0, known: 1 },
  });
  expect([await recorded(), await store.cell({ activityId: 'activity-1', userId: 'student-1' })]).toEqual(
    before,
  );
  expect(await importing(table(AID.replace(',13,', ',14,')))).toMatchObject({
    code: 1,
    data: { imported: 0, problems: [{ row: 2, problem: 'recorded-differently' }] },
  });
  expect([await recorded(), await store.cell({ activityId: 'activity-1', userId: 'student-1' })]).toEqual(
    before,
  );
});

test('a dry run says what would happen and writes nothing', async () => {
  const answer = await importing(table(AID, AID, `${PLACE},student-2,cpr,soon,,,`), { dryRun: true });
  expect(answer).toMatchObject({
    code: 1,
    data: { dryRun: true, rows: 3, imported: 1, known: 1, refused: 1 },
  });
  expect(answer.text).toContain('Nothing was written.');
  expect(await recorded()).toBeUndefined();
  expect(await store.cells({})).toEqual([]);
});

describe('points by the activity’s scoring', () => {
  const all = ['standard-first-aid', 'cpr-c-aed', 'infection-control'].map(
    (id) => `${PLACE},student-1,${id},2026-03-02,,,`,
  );
  test.each<[ActivitySettings['scoring'], Partial<ActivitySettings>, object]>([
    ['lines', {}, { scoreGiven: 4.29, gradingProgress: 'FullyGraded' }],
    [
      'completion',
      { kind: 'certification', certificationId: 'standard-first-aid' },
      { scoreGiven: 10, gradingProgress: 'FullyGraded' },
    ],
    ['completion', {}, { scoreGiven: null, gradingProgress: 'Pending' }],
    ['rubric', {}, { scoreGiven: null, gradingProgress: 'PendingManual', activityProgress: 'Submitted' }],
  ])('%s %o', async (scoring, settings, desired) => {
    await setUp({ scoring, ...settings });
    expect((await importing(table(...all))).data).toMatchObject({ imported: 3 });
    expect((await store.cell({ activityId: 'activity-1', userId: 'student-1' }))?.desired).toMatchObject(
      desired,
    );
  });
});

test('each mistake is named with its row as the spreadsheet counts, and the good rows are taken', async () => {
  const answer = await importing(
    table(
      AID,
      'nowhere,context-1,link-1,student-1,standard-first-aid,,,,',
      'platform-1,nowhere,link-1,student-1,standard-first-aid,,,,',
      'platform-1,context-1,nowhere,student-1,standard-first-aid,,,,',
      `${PLACE},,standard-first-aid,,,,`,
      `${PLACE},teacher-1,standard-first-aid,,,,`,
      '',
      `${PLACE},student-2,first-aid,,,,`,
      `${PLACE},student-2,chainsaw-safety,,,,`,
      `${PLACE},student-2,standard-first-aid,03/02/2026,,,`,
      `${PLACE},student-2,standard-first-aid,last spring,,six,`,
      `${PLACE},student-2,standard-first-aid,2099-01-01,,,`,
      `${PLACE},student-2,standard-first-aid,2026-03-02,Red Cross,13,one, two`,
      AID.replace('student-1', 'student-3'),
    ),
  );
  const { problems, ...counts } = answer.data as {
    problems: { row: number; column: string; problem: string }[];
  };
  expect(counts).toEqual({ dryRun: false, rows: 13, imported: 2, known: 0, refused: 11 });
  expect(problems.map(({ row, column, problem }) => [row, column, problem])).toEqual([
    [3, 'platform', 'unknown-platform'],
    [4, 'context', 'unknown-context'],
    [5, 'link', 'unknown-link'],
    [6, 'user', 'missing'],
    [7, 'user', 'not-a-student'],
    [9, 'certification', 'unknown-certification'],
    [10, 'certification', 'not-on-list'],
    [11, 'issuedOn', 'date-ambiguous'],
    [12, 'issuedOn', 'date-form'],
    [12, 'hours', 'hours-form'],
    [13, 'issuedOn', 'date-future'],
    [14, null, 'too-many-cells'],
  ]);
  expect(answer.code).toBe(1);
  expect(answer.text).toContain('row 11, issuedOn: "03/02/2026" can be two dates; write it as 2026-03-02');
  expect(answer.text).not.toContain('undefined');
});

describe('files as spreadsheets write them', () => {
  const issuer = 'Croix-Rouge, région de l’Est';
  const rowWith = (delimiter: string) =>
    [HEADER, `${PLACE},student-1,standard-first-aid,2026-03-02,"ISSUER",6d5,"two\nlines"`]
      .map((line) => line.replaceAll(',', delimiter))
      .join('\r\n')
      .replace('ISSUER', issuer)
      .replace('6d5', delimiter === ';' ? '6,5' : '6.5');
  const windows1252 = (text: string) =>
    Uint8Array.from(text, (letter) => (letter === '’' ? 0x92 : letter.charCodeAt(0)));
  test.each<[string, string | Uint8Array]>([
    ['UTF-8 with commas', rowWith(',')],
    ['UTF-8 with a byte order mark and semicolons', `\uFEFF${rowWith(';')}`],
    ['tabs', rowWith('\t')],
    ['a line that names the separator', `sep=;\r\n${rowWith(';')}`],
    ['Windows-1252', windows1252(rowWith(';'))],
    ['UTF-16', Buffer.from(`\uFEFF${rowWith('\t')}`, 'utf16le')],
    ['other letter case in the header', rowWith(',').replace('issuedOn', 'Issued On')],
  ])('%s', async (_name, content) => {
    expect(await importing(content)).toMatchObject({ code: 0, data: { imported: 1 } });
    expect(await recorded()).toMatchObject({
      credential: { credential: { issuer: { name: issuer }, hours: 6.5, issuedOn: '2026-03-02' } },
      decision: { comment: 'two\nlines' },
    });
  });

  test.each<[string, string | Uint8Array, string]>([
    ['a workbook', Buffer.from('PK\u0003\u0004 and more'), 'save it as "CSV UTF-8"'],
    ['a picture', Buffer.from([0x89, 0x50, 0, 0, 1]), 'not a text file'],
    ['an empty file', '', 'the file is empty'],
    ['another table', 'name,mark\nStudent One,5\n', 'missing: platform, context'],
    ['a column twice', `${HEADER},user\n`, 'the column user is there twice'],
  ])('%s is refused in words', async (_name, content, expected) => {
    const answer = await importing(content);
    expect({ code: answer.code, says: answer.text.includes(expected) || answer.text }).toEqual({
      code: 2,
      says: true,
    });
  });

  test('a quotation mark that is never closed ends the import at its row', async () => {
    const open = `${PLACE},student-2,standard-first-aid,2026-03-02,"Red Cross,13,note`;
    expect(await importing(table(AID, open))).toMatchObject({
      code: 1,
      data: { imported: 1, problems: [{ row: 3, problem: 'quotation-mark' }] },
    });
  });

  test('a file that is not there is wrong use, as a process too', async () => {
    const { code, stderr } = await runCommand(['records', 'import', join(folder, 'no.csv')], env);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `${join(folder, 'no.csv')}: no such file\n` });
  });
});
