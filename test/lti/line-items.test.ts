import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import { COLUMN_TAG, createLineItems, type LineItems, type SettleOptions } from '../../src/lti/line-items.ts';
import { MINUTE } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import { ALL_SCOPES, type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

const [LINE_ITEM = '', LINE_ITEM_READ = '', SCORE = ''] = ALL_SCOPES;

let clock: ReturnType<typeof createClock>;
let platform: GradePlatform;
let rig: ReturnType<typeof createPassbackRig>;
let lineItems: LineItems;
beforeEach(async () => {
  clock = createClock();
  platform = await startGradePlatform({ now: clock.now });
  rig = createPassbackRig({ p: platform }, clock);
  await rig.addPlatforms();
  lineItems = createLineItems({ store: rig.store, call: rig.call, now: clock.now, newId: rig.newId });
});
afterEach(async () => {
  await rig.store.close();
  await platform.close();
});

/** The number of the column that was settled on, or the words of the problem. */
async function settle(activity: Activity, options: Partial<SettleOptions> = {}): Promise<string> {
  const settled = await lineItems.settle(activity, { scoreMaximum: 10, ...options });
  if (settled.kind === 'problem') return `${settled.lasting ? 'lasting' : 'passing'} ${settled.error.key}`;
  expect((await rig.store.lineItem(activity.id))?.url).toBe(settled.url);
  return `column ${platform.book.columns.findIndex((column) => column.id === settled.url) + 1}`;
}
const column = (over: Partial<Parameters<GradePlatform['book']['add']>[0]> = {}) =>
  platform.book.add({ label: 'Another column', scoreMaximum: 100, ...over });

describe('the one column of an activity', () => {
  test('is created once, bound to the link and to the activity', async () => {
    const activity = await rig.launch('p', { title: `${'é'.repeat(300)}` });
    expect([await settle(activity), await settle(activity)]).toEqual(['column 1', 'column 1']);
    expect(platform.book.columns).toEqual([
      {
        id: `${platform.origin}/lineitems/1/lineitem?type_id=7`,
        label: 'é'.repeat(255),
        scoreMaximum: 10,
        resourceId: activity.id,
        resourceLinkId: activity.resourceLinkId,
        tag: COLUMN_TAG,
      },
    ]);
    expect(platform.count('list')).toBe(2);
  });

  test('is the one that the launch names, without asking', async () => {
    const offered = column();
    expect(await settle(await rig.launch('p', { lineItemUrl: offered.id }))).toBe('column 1');
    expect(platform.seen).toEqual([]);
  });

  test('is the one that is bound to the link, found on a later page', async () => {
    for (let n = 0; n < 3; n += 1) column();
    column({ resourceLinkId: 'link-1' });
    platform.settings.honoursFilters = false;
    expect(await settle(await rig.launch('p'))).toBe('column 4');
    expect(platform.count('list')).toBe(2);
    expect(platform.count('create')).toBe(0);
  });

  test('of several at the link it is the one that was made for the activity, then the one of ours', async () => {
    const activity = await rig.launch('p');
    column({ resourceLinkId: 'link-1' });
    column({ resourceLinkId: 'link-1', tag: COLUMN_TAG });
    expect(await settle(activity)).toBe('column 2');
    await rig.store.unsettleLineItem(activity.id);
    column({ resourceId: activity.id });
    platform.settings.honoursFilters = false;
    expect(await settle(activity)).toBe('column 3');
  });

  test('is found by the tag when the LMS does not keep the link', async () => {
    const activity = await rig.launch('p');
    column({ resourceId: activity.id, tag: COLUMN_TAG });
    expect(await settle(activity)).toBe('column 1');
  });

  test('is never the column of another activity, also where the LMS ignores the filters', async () => {
    platform.settings.honoursFilters = false;
    const other = await rig.launch('p', { resourceLinkId: 'link-2' });
    column();
    expect(await settle(other)).toBe('column 2');
    expect(await settle(await rig.launch('p'))).toBe('column 3');
  });
});

describe('a copied course', () => {
  const inCopy = { contextId: 'context-2', resourceLinkId: 'link-9' };

  test('brings its column along, and it is used again', async () => {
    const original = await rig.launch('p');
    const copy = await rig.launch('p', inCopy);
    column({ label: copy.title, resourceId: original.id, tag: COLUMN_TAG });
    expect(await settle(copy)).toBe('column 1');
  });

  test('brings the column that a teacher picked along with its link, and it is used again', async () => {
    const copy = await rig.launch('p', inCopy);
    column({ label: copy.title, resourceId: 'a picking', tag: COLUMN_TAG });
    expect(await settle(copy)).toBe('column 1');
  });

  test('two activities of the same name never share it', async () => {
    const original = await rig.launch('p');
    const first = await rig.launch('p', inCopy);
    const second = await rig.launch('p', { ...inCopy, resourceLinkId: 'link-10' });
    column({ label: first.title, resourceId: original.id, tag: COLUMN_TAG });
    expect([await settle(first), await settle(second)]).toEqual(['column 1', 'column 2']);
  });

  test('with two that could be meant, none is', async () => {
    const original = await rig.launch('p');
    const copy = await rig.launch('p', inCopy);
    column({ label: copy.title, resourceId: original.id, tag: COLUMN_TAG });
    column({ label: copy.title, resourceId: original.id, tag: COLUMN_TAG });
    expect(await settle(copy)).toBe('column 3');
  });
});

describe('never a second column', () => {
  test('when the answer to the creation is lost', async () => {
    platform.fail('create', 'lost');
    expect(await settle(await rig.launch('p'))).toBe('column 1');
    expect(platform.seen.map((request) => request.route)).toEqual([
      'token',
      'list',
      'list',
      'token',
      'create',
      'list',
    ]);
  });

  test('when the answer is lost and the column shows up late', async () => {
    const activity = await rig.launch('p');
    platform.fail('create', 'hang');
    expect(await settle(activity)).toBe('passing lms-unavailable');
    column({ resourceId: activity.id, tag: COLUMN_TAG, resourceLinkId: 'link-1' });
    expect(await settle(activity)).toBe('column 1');
  });

  test.each([500, 502, 504])('when %i comes after it was made', async (status) => {
    const activity = await rig.launch('p');
    platform.fail('create', { status });
    expect(await settle(activity)).toBe('passing lms-unavailable');
    expect(platform.count('create')).toBe(1);
    column({ resourceId: activity.id, tag: COLUMN_TAG });
    expect(await settle(activity)).toBe('column 1');
  });

  test('when the LMS says yes without saying which', async () => {
    const activity = await rig.launch('p');
    platform.fail('create', { status: 201, body: '' });
    expect(await settle(activity)).toBe('passing lms-unavailable');
    expect(platform.seen.map((request) => request.route).slice(-3)).toEqual(['create', 'list', 'list']);
  });

  test('when many ask at the same moment', async () => {
    const activity = await rig.launch('p');
    const all = await Promise.all(Array.from({ length: 8 }, () => settle(activity)));
    expect(new Set(all)).toEqual(new Set(['column 1']));
    expect(platform.book.columns.length).toBe(1);
  });

  test('when another process holds the lock and then settles', async () => {
    const activity = await rig.launch('p');
    const made = column({ resourceId: activity.id });
    await rig.store.lockLineItem(activity.id, 'other process', clock.now(), clock.now() + MINUTE);
    const waiting = settle(activity);
    await rig.store.settleLineItem(activity.id, 'other process', made.id, clock.now());
    expect(await waiting).toBe('column 1');
    expect(platform.seen).toEqual([]);
  });

  test('when the pages never end', async () => {
    column();
    platform.settings.honoursFilters = false;
    platform.settings.nextLink = () => platform.lineItemsUrl.replace('?', '?again&');
    expect(await settle(await rig.launch('p'))).toBe('passing lms-unavailable');
    expect(platform.count('create')).toBe(0);
  });

  test('and the token is never sent to another origin for a page', async () => {
    const elsewhere = await startGradePlatform({ now: clock.now });
    platform.settings.nextLink = () => `${elsewhere.origin}/lineitems`;
    expect(await settle(await rig.launch('p'))).toBe('passing lms-unavailable');
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });

  test('and a column that an answer places at another origin is neither used nor made again', async () => {
    const activity = await rig.launch('p');
    const away = 'http://127.0.0.1:9/lineitems/1';
    column({ resourceLinkId: activity.resourceLinkId }).id = away;
    expect(await settle(activity)).toBe('lasting address-refused');
    expect(platform.count('create')).toBe(0);
    platform.book.columns.length = 0;
    const made = { id: away, label: 'x', scoreMaximum: 10 };
    platform.fail('create', { status: 201, body: made });
    expect(await settle(activity)).toBe('lasting address-refused');
  });
});

describe('what is asked for', () => {
  test('reading asks for the smallest scope, creating for the other', async () => {
    await settle(await rig.launch('p'));
    const scopes = platform.seen
      .filter((request) => request.route === 'token')
      .map((request) => new URLSearchParams(request.body).get('scope'));
    expect(scopes).toEqual([LINE_ITEM_READ, LINE_ITEM]);
  });

  test.each<[string, Partial<Activity>, string]>([
    ['without the scope to create', { scopes: [LINE_ITEM_READ, SCORE] }, 'lasting column-missing'],
    ['without a scope to look', { scopes: [SCORE] }, 'lasting column-missing'],
    ['without an address', { lineItemsUrl: null }, 'lasting column-missing'],
  ])('%s nothing is made', async (_, over, expected) => {
    expect(await settle(await rig.launch('p', over))).toBe(expected);
    expect(platform.count('create')).toBe(0);
  });

  test.each<[string, number, string]>([
    ['refused', 403, 'lasting column-refused'],
    ['a foreign link', 404, 'lasting column-refused'],
    ['too many requests', 429, 'passing lms-busy'],
  ])('%s: the column was not made, and the lock is free again', async (_, status, expected) => {
    const activity = await rig.launch('p');
    platform.fail('create', { status });
    expect(await settle(activity)).toBe(expected);
    expect(await settle(activity)).toBe('column 1');
  });

  test('a list that cannot be read lasts, one that is not there now passes', async () => {
    const activity = await rig.launch('p');
    platform.fail('list', { status: 403 }, { status: 200, body: '{"items":[]}' }, { status: 503 });
    expect([await settle(activity), await settle(activity), await settle(activity)]).toEqual([
      'lasting service-refused',
      'passing service-not-understood',
      'passing lms-unavailable',
    ]);
    expect(platform.count('create')).toBe(0);
  });
});
