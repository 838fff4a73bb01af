import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchFrom } from '../support/in-course.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const PRESENTATION = `${LTI}/launch_presentation`;
const ACTIVITY = '/launch/link/activity-1';
const BACK = 'main a.button';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

const launch = (claims: (usual: JWTPayload) => JWTPayload, locale: 'en' | 'fr' = 'en') =>
  launchFrom(tool.lms, 'student-1', ACTIVITY, { claims, locale });
const waiting = (usual: JWTPayload) => ({ ...usual, [`${LTI}/deployment_id`]: 'a-new-deployment' });
const returningTo = (return_url: unknown) => (usual: JWTPayload) => ({
  ...waiting(usual),
  [PRESENTATION]: { ...(usual[PRESENTATION] as object), return_url },
});
const backOf = ({ page }: Awaited<ReturnType<typeof launch>>) =>
  page.html.querySelector(BACK)?.getAttribute('href') ?? null;

test('a deployment that waits leads back to the course, where the LMS says why', async () => {
  const { visitor, page } = await launch(waiting, 'fr');
  expect([page.status, page.html.querySelector(BACK)?.text]).toEqual([403, 'Retour au cours']);
  const id = page.html.querySelector('main code')?.text ?? '';
  const title = page.html.querySelector('h1')?.text ?? '';
  const words = new URL(page.html.querySelector(BACK)?.getAttribute('href') ?? '').searchParams;
  expect([...words.keys()]).toEqual(['lti_errormsg', 'lti_errorlog']);
  expect(words.get('lti_errorlog')).toBe(`lti-errors.deployment-waits ${id}`);
  expect(words.get('lti_errormsg')).toMatch(new RegExp(`^${title}\\. .+`));
  expect(words.toString()).not.toMatch(/student-1|One|Un\b|demo\.invalid/);
  const back = await visitor.follow(page, BACK);
  expect([back.status, back.text]).toEqual([200, expect.stringContaining(title)]);
});

test.each<[string, (usual: JWTPayload) => JWTPayload]>([
  ['a page that only explains', (usual) => ({ ...usual, [`${LTI}/context`]: undefined })],
  ['an unknown role', (usual) => ({ ...usual, [`${LTI}/roles`]: [] })],
  ['a target elsewhere', (usual) => ({ ...usual, [`${LTI}/target_link_uri`]: 'https://elsewhere.example/' })],
])('so does %s', async (_what, claims) => {
  expect(backOf(await launch(claims))).toContain(`${tool.lms.url}/course/return?lti_errormsg=`);
});

test('what the address had already stays', async () => {
  const address = 'https://lms.example.test/return?course=7&lti_errormsg=old#top';
  const back = new URL(backOf(await launch(returningTo(address))) ?? '');
  expect([back.origin + back.pathname, back.searchParams.get('course'), back.hash]).toEqual([
    'https://lms.example.test/return',
    '7',
    '#top',
  ]);
  expect(back.searchParams.getAll('lti_errormsg')).toEqual([expect.not.stringContaining('old')]);
});

test.each([
  ['http://lms.example.test/'],
  ['javascript:alert(1)'],
  ['https://a:b@lms.example.test/'],
  [7],
  [undefined],
])('%s is no way back', async (address) => {
  expect(backOf(await launch(returningTo(address)))).toBeNull();
});

test('a launch that cannot be believed offers none', async () => {
  const refused = await launch((usual) => ({ ...usual, nonce: 'made-up' }));
  expect([refused.page.status, backOf(refused)]).toEqual([401, null]);
});
