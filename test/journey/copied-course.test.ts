import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import { aMember, anActivity, anAuditEvent, DAY, someSettings } from '../support/build.ts';
import { launchFrom } from '../support/in-course.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
let platformId: string;
beforeAll(async () => {
  tool = await startWholeTool();
  platformId = (await tool.app.store.platforms())[0]?.id ?? '';
});
afterAll(() => tool.stop());

let count = 0;
/** An activity of another course that a teacher has set up. */
async function knownActivity(over: Partial<Activity> = {}): Promise<Activity> {
  count += 1;
  const place = {
    platformId,
    deploymentId: 'demo-deployment',
    contextId: `last-year-${count}`,
    resourceLinkId: `old-link-${count}`,
    ...over,
  };
  const settings = over.settings ?? someSettings({ sectorId: 'energy', pointsPossible: 4 });
  const activity = anActivity({ id: `origin-${count}`, ...place, settings: null });
  await tool.app.store.recordLaunch(activity, aMember({ ...place, userId: 'student-1' }));
  await tool.app.store.saveSettings(activity.id, settings, anAuditEvent({ id: `set-up-${count}` }));
  return { ...activity, settings };
}

/** Opens a link of the demo course with these custom parameters and answers what came of it. */
async function openCopy(custom: Record<string, string>, person = 'teacher-1') {
  const title = { en: 'A copy', fr: 'Une copie' };
  const link = tool.lms.course.addLink({
    title,
    description: null,
    url: `${tool.config.publicUrl}/lti/launch`,
    custom,
  });
  const { page } = await launchFrom(tool.lms, person, `/launch/link/${link.id}`);
  const activities = await tool.app.store.activitiesIn({
    platformId,
    deploymentId: 'demo-deployment',
    contextId: 'course-1',
  });
  const activity = activities.find((one) => one.resourceLinkId === link.id);
  if (activity === undefined) throw new Error(page.text);
  return { activity, page, link };
}

const historyOf = (origin: Activity) => ({
  context_history: `unknown,${encodeURIComponent(origin.contextId)}`,
  link_history: `unknown%2Clink,${encodeURIComponent(origin.resourceLinkId)}`,
});

test('a copy takes over the settings as they are now, and its students start with nothing', async () => {
  const origin = await knownActivity({ contextId: 'last year, again' });
  const { activity, page } = await openCopy(
    { sector: 'mining', points: '10', scoring: 'rubric', ...historyOf(origin) },
    'student-1',
  );
  expect(activity.settings).toEqual(origin.settings);
  expect(page.text).toContain('Energy');
  const [audit] = await tool.app.store.auditOf(activity.id);
  expect(audit).toMatchObject({
    actor: 'system',
    action: 'activity.set-up',
    detail: { sector: 'energy', takenFrom: origin.id },
  });
});

test('a due date of the past stays behind', async () => {
  const settings = someSettings({ dueAt: Date.now() - DAY });
  const { activity } = await openCopy(historyOf(await knownActivity({ settings })));
  expect(activity.settings).toEqual({ ...settings, dueAt: null });
});

test('a link copied within its course takes over too', async () => {
  const first = await openCopy({ sector: 'energy', points: '3', scoring: 'lines' });
  const { activity } = await openCopy({
    context_history: '$Context.id.history',
    link_history: first.link.id,
  });
  expect(activity.settings).toEqual(first.activity.settings);
});

test.each<[string, (origin: Activity) => Record<string, string>]>([
  [
    'variables that were not filled in',
    () => ({ context_history: '$Context.id.history', link_history: '$ResourceLink.id.history' }),
  ],
  ['a history that names nothing we know', () => ({ context_history: 'c,%zz,', link_history: 'l' })],
  ['only the course', ({ contextId }) => ({ context_history: contextId })],
])('with %s the settings of the link are used, else the teacher is asked', async (_what, custom) => {
  const origin = await knownActivity();
  const carried = await openCopy({ sector: 'mining', ...custom(origin) });
  expect(carried.activity.settings).toMatchObject({ sectorId: 'mining' });
  const bare = await openCopy(custom(origin));
  expect([bare.activity.settings, bare.page.html.querySelector('h1')?.text]).toEqual([
    null,
    'First, set up this activity',
  ]);
});

test.each<[string, Partial<Activity>]>([
  ['deployment', { deploymentId: 'another-deployment' }],
  ['platform', { platformId: 'another-platform' }],
])('nothing is taken from another %s', async (_what, place) => {
  const origin = await knownActivity(place);
  expect((await openCopy(historyOf(origin))).activity.settings).toBeNull();
});

test('a student who comes before the set-up waits, with words', async () => {
  const { page } = await openCopy({}, 'student-1');
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('This activity is not ready yet')]);
});
