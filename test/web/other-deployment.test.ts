import { globSync, readFileSync } from 'node:fs';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role, Viewer } from '../../src/domain/person.ts';
import {
  aChange,
  aDeployment,
  aDesiredScore,
  aMember,
  anActivity,
  anAuditEvent,
  aPlatform,
  aSubmission,
  aViewer,
  NOW,
  someEvidence,
} from '../support/build.ts';
import { startWebTool, type Visitor, type WebTool } from '../support/web-tool.ts';

const SECRET_WORDS = 'Words of somebody else’s student.';

/** Three boards with the same course, link and user ids: only the deployment, or only the registration, tells them apart. */
const BOARDS = {
  own: { platformId: 'platform-1', deploymentId: 'deployment-1' },
  'another deployment': { platformId: 'platform-1', deploymentId: 'deployment-2' },
  'another registration of the same issuer': { platformId: 'platform-2', deploymentId: 'deployment-1' },
} as const;
type Board = keyof typeof BOARDS;
const OTHERS: readonly Board[] = ['another deployment', 'another registration of the same issuer'];
const idOf = (board: Board, thing: string) => `${thing}-${Object.keys(BOARDS).indexOf(board) + 1}`;

let tool: WebTool;
const visitors = new Map<Role, Visitor>();
beforeAll(async () => {
  tool = await startWebTool();
  await tool.store.addPlatform(
    aPlatform({ id: 'platform-2', clientId: 'client-2' }),
    anAuditEvent({ id: 'audit-platform-2', action: 'platform.added' }),
  );
  for (const board of Object.keys(BOARDS) as Board[]) await fill(board);
  await tool.store.seeDeployment(
    aDeployment({ platformId: 'platform-2', deploymentId: 'only-elsewhere', status: 'pending' }),
    anAuditEvent({ id: 'audit-elsewhere', action: 'deployment.seen' }),
  );
  for (const role of ['student', 'teacher', 'administrator'] as const)
    visitors.set(role, await tool.signIn(viewerOf('own', role)));
});
afterAll(() => tool.stop());

function viewerOf(board: Board, role: Role): Viewer {
  const userId = role === 'student' ? 'student-1' : `${role}-1`;
  return aViewer({ ...BOARDS[board], activityId: idOf(board, 'activity'), userId, role });
}

async function fill(board: Board): Promise<void> {
  const place = BOARDS[board];
  const activity = anActivity({ ...place, id: idOf(board, 'activity') });
  await tool.store.recordLaunch(activity, aMember(place));
  await tool.store.recordLaunch(activity, aMember({ ...place, userId: idOf(board, 'pupil') }));
  for (const [thing, state] of [
    ['draft', 'draft'],
    ['submission', 'submitted'],
  ] as const) {
    const id = idOf(board, thing);
    await tool.store.saveSubmission(
      aChange({
        submission: aSubmission({
          ...place,
          id,
          activityId: activity.id,
          state,
          reflection: board === 'own' ? 'Own words.' : SECRET_WORDS,
        }),
        evidence: someEvidence({ id: idOf(board, `${thing}-evidence`), submissionId: id }),
        score: { desired: aDesiredScore(), fromVersion: thing === 'draft' ? 0 : 1 },
      }),
      NOW,
    );
  }
}

/** Every route that takes an id from the address, and what may be sent to it. `BOARD` stands for whose id it is. */
const ROUTES: readonly (readonly [Role, 'get' | 'post', string, string, Record<string, string>])[] = [
  ['student', 'get', '/submissions/:id', '/submissions/submission', {}],
  ['student', 'get', '/submissions/:id', '/submissions/draft', {}],
  ['student', 'get', '/submissions/:id/report', '/submissions/submission/report', {}],
  ['student', 'get', '/submissions/:id/reading', '/submissions/submission/reading', {}],
  ['student', 'post', '/submissions/:id/change', '/submissions/submission/change', { version: '1' }],
  ['student', 'post', '/submissions/:id', '/submissions/draft', { action: 'save', reflection: 'mine' }],
  ['student', 'post', '/submissions/:id', '/submissions/draft', { action: 'submit', reflection: 'mine' }],
  ['student', 'post', '/submissions/:id/draft', '/submissions/draft/draft', { reflection: 'mine' }],
  ['student', 'post', '/submissions/:id/address', '/submissions/submission/address', { email: 'a@b.test' }],
  [
    'student',
    'post',
    '/submissions/:id/award',
    '/submissions/submission/award',
    { version: '1', award: '#1' },
  ],
  ['student', 'post', '/submissions/:id/withdraw', '/submissions/submission/withdraw', { version: '1' }],
  ['student', 'get', '/evidence/:evidenceId', '/evidence/submission-evidence', {}],
  ['teacher', 'get', '/submissions/:id', '/submissions/submission', {}],
  ['teacher', 'get', '/submissions/:id/report', '/submissions/submission/report', {}],
  ['teacher', 'get', '/submissions/:id/reading', '/submissions/submission/reading', {}],
  [
    'teacher',
    'post',
    '/submissions/:id',
    '/submissions/submission',
    { version: '1', outcome: 'returned', comment: 'from elsewhere' },
  ],
  ['teacher', 'get', '/students/:userId/dates', '/students/pupil/dates', {}],
  ['teacher', 'post', '/students/:userId/dates', '/students/pupil/dates', { startedOn: '', graduatesOn: '' }],
  ['teacher', 'get', '/evidence/:evidenceId', '/evidence/submission-evidence', {}],
];
/** Routes that take somebody's id in the form. */
const FORMS: readonly (readonly [Role, string, (board: Board) => Record<string, string>])[] = [
  ['teacher', '/gradebook/retry', (board) => ({ activity: idOf(board, 'activity'), user: 'student-1' })],
  ['administrator', '/deployments', () => ({ deployment: 'only-elsewhere' })],
];

const HOMES = { student: 'student', teacher: 'teacher', administrator: 'admin' } as const;
const atHome = (role: Role, path: string, activity = 'activity-1') => `/a/${activity}/${HOMES[role]}${path}`;

/** The path with the id of that board in place of the thing's name. */
const withIds = (path: string, board: Board) =>
  path.replace(/^\/(submissions|evidence|students)\/([a-z-]+)/, (_all, kind: string, thing: string) =>
    ['', kind, idOf(board, thing)].join('/'),
  );

async function ask(role: Role, method: 'get' | 'post', path: string, fields: Record<string, string>) {
  const visitor = visitors.get(role);
  if (visitor === undefined) throw new Error(role);
  if (method === 'get') return visitor.get(path);
  const home = parse(await (await visitor.get(atHome(role, role === 'student' ? '/new' : ''))).text());
  const token = home.querySelector('input[name=token]')?.getAttribute('value') ?? '';
  const isUpload = role === 'student' && /submissions\/[^/]+(\/draft)?$/.test(path);
  const body = isUpload ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries({ ...fields, token })) body.append(name, value);
  return fetch(tool.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: visitor.cookie },
    body,
  });
}

async function everything(board: Board): Promise<unknown> {
  const place = { ...BOARDS[board], contextId: 'context-1' };
  return [
    await tool.store.submissionsBy(place, 'student-1'),
    await tool.store.members(place),
    await tool.store.activitiesIn(place),
    await tool.store.cells({ activityIds: [idOf(board, 'activity')] }),
    await tool.store.deployments(place.platformId),
  ];
}

test('the table names every route that takes an id from the address', () => {
  const declared = globSync('src/web/{student,teacher,admin,pick}.ts').flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/router\s*\.(get|post|route)(?:<[^>]*>)?\(\s*'([^']*:[^']*)'/g),
    ].map(([, method = '', path = '']) => `${file.replace(/^.*\/|\.ts$/g, '')} ${method} ${path}`),
  );
  const listed = ROUTES.map(([role, method, pattern]) => `${HOMES[role]} ${method} ${pattern}`);
  expect(declared.length).toBeGreaterThan(5);
  expect(declared.filter((route) => !listed.includes(route))).toEqual([]);
});

test.each(ROUTES.filter(([, method]) => method === 'get'))(
  'one’s own is there: %s %s %s',
  async (role, method, _pattern, path) => {
    const answer = await ask(role, method, atHome(role, withIds(path, 'own')), {});
    expect(answer.status).toBe(200);
  },
);

describe.each(OTHERS)('what belongs to %s', (board) => {
  test.each(ROUTES)('is not found: %s %s %s (%s)', async (role, method, _pattern, path, fields) => {
    const before = await everything(board);
    const answer = await ask(role, method, atHome(role, withIds(path, board)), fields);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(SECRET_WORDS);
    expect(await everything(board)).toEqual(before);
  });

  test.each(FORMS)('is not found by the form: %s %s', async (role, path, fields) => {
    const before = await everything(board);
    const answer = await ask(role, 'post', atHome(role, path), fields(board));
    expect(answer.status).toBe(404);
    expect(await everything(board)).toEqual(before);
  });

  test.each(['student', 'teacher', 'administrator'] as const)(
    'has no page for a %s of elsewhere, whatever address is typed',
    async (role) => {
      for (const path of ['', '/progress', '/set-up', '/launches', '/services', '/new']) {
        const answer = await visitors.get(role)?.get(atHome(role, path, idOf(board, 'activity')));
        expect(answer?.status, path).toBe(401);
      }
    },
  );

  test('is in none of one’s own pages', async () => {
    for (const [role, path] of [
      ['student', ''],
      ['teacher', ''],
      ['teacher', '?show=submitted'],
      ['teacher', '/progress'],
      ['administrator', ''],
    ] as const) {
      const page = await (await ask(role, 'get', atHome(role, path), {})).text();
      for (const thing of ['submission', 'draft', 'activity'])
        expect(page, path).not.toContain(idOf(board, thing));
    }
  });
});
