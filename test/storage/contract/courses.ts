import { expect, test } from 'vitest';
import type { Activity } from '../../../src/domain/activity.ts';
import { aMember, anActivity, anAuditEvent, COURSE, MINUTE, NOW, someSettings } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

export function courseContract(open: Open): void {
  test('the first launch of a link adds the activity as given, and the member', async () => {
    const store = await open();
    const activity = anActivity({
      settings: null,
      contextTitle: null,
      lineItemUrl: null,
      membershipsUrl: null,
    });
    expect(await store.recordLaunch(activity, aMember())).toEqual(activity);
    expect(await store.activity('activity-1')).toEqual(activity);
    expect(await store.activitiesIn(COURSE)).toEqual([activity]);
    expect(await store.members(COURSE)).toEqual([aMember()]);
  });

  test('every kind of settings is kept whole', async () => {
    const store = await open();
    const settings = someSettings({
      kind: 'certification',
      certificationId: 'cpr-c-aed',
      pointsPossible: 12.5,
      scoring: 'rubric',
      reflectionPrompt: 'What did you learn? — Qu’avez-vous appris ?',
      dueAt: NOW + MINUTE,
    });
    await store.recordLaunch(anActivity({ settings }), aMember());
    expect(await store.activity('activity-1')).toEqual(anActivity({ settings }));
  });

  test('a later launch of the same link finds it, refreshing titles and addresses', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember());
    const refreshed = {
      title: 'Renamed link',
      contextTitle: 'Renamed course',
      lineItemsUrl: 'https://lms.example.test/v2/lineitems',
      lineItemUrl: 'https://lms.example.test/v2/lineitems/7',
      scopes: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
      membershipsUrl: 'https://lms.example.test/v2/memberships',
    };
    const launched = anActivity({
      ...refreshed,
      id: 'activity-2',
      settings: someSettings({ sectorId: 'arts' }),
    });
    expect(await store.recordLaunch(launched, aMember())).toEqual(anActivity(refreshed));
    expect(await store.activity('activity-1')).toEqual(anActivity(refreshed));
    expect(await store.activity('activity-2')).toBeNull();
  });

  test('SHSM dates are kept, also through later launches and class lists', async () => {
    const store = await open();
    const dates = {
      startedOn: '2025-09-01',
      graduatesOn: '2027-06-30',
      statedBy: 'student',
      statedAt: NOW,
    } as const;
    const audit = anAuditEvent({ id: 'audit-dates', action: 'student.dates', subject: 'student-1' });
    expect(await store.saveShsmDates(COURSE, 'student-1', dates, audit)).toBe(false);
    expect(await store.auditOf('student-1')).toEqual([]);
    await store.recordLaunch(anActivity(), aMember());
    expect(await store.saveShsmDates(COURSE, 'student-1', dates, audit)).toBe(true);
    await store.recordLaunch(anActivity(), aMember());
    await store.saveRoster(COURSE, { members: [aMember()], isComplete: true, readAt: NOW });
    expect(await store.member(COURSE, 'student-1')).toEqual(aMember({ shsmDates: dates }));
    expect(await store.auditOf('student-1')).toEqual([audit]);
  });

  test('what a launch leaves out keeps its last value', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember());
    const bare = anActivity({
      id: 'activity-2',
      contextTitle: null,
      settings: null,
      lineItemsUrl: null,
      lineItemUrl: null,
      scopes: [],
      membershipsUrl: null,
    });
    expect(await store.recordLaunch(bare, aMember({ name: null, email: null }))).toEqual(anActivity());
    expect(await store.member(COURSE, 'student-1')).toEqual(aMember());
  });

  test('an activity without settings takes those that a launch brings', async () => {
    const store = await open();
    await store.recordLaunch(anActivity({ settings: null }), aMember());
    expect(await store.recordLaunch(anActivity({ id: 'activity-2' }), aMember())).toEqual(anActivity());
  });

  test('many first launches at once make one activity', async () => {
    const stores = [await open(), await open()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        stores[n % 2]?.recordLaunch(anActivity({ id: `activity-${n}` }), aMember({ userId: `student-${n}` })),
      ),
    );
    expect(new Set(answers.map((answer) => answer?.id)).size).toBe(1);
    expect(await stores[0]?.activitiesIn(COURSE)).toHaveLength(1);
    expect(await stores[0]?.members(COURSE)).toHaveLength(8);
  });

  test.each<Partial<Activity>>([
    { platformId: 'platform-2' },
    { deploymentId: 'deployment-2' },
    { contextId: 'context-2' },
    { resourceLinkId: 'link-2' },
  ])('a link is another activity with %o', async (difference) => {
    const store = await open();
    const other = anActivity({ id: 'activity-2', title: 'Another', ...difference });
    await store.recordLaunch(anActivity(), aMember());
    expect(await store.recordLaunch(other, aMember())).toEqual(other);
    expect(await store.activity('activity-1')).toEqual(anActivity());
    const inCourse = 'resourceLinkId' in difference ? [other, anActivity()] : [anActivity()];
    expect(await store.activitiesIn(COURSE)).toEqual(inCourse);
  });

  test('settings are saved with who saved them, and only for a known activity', async () => {
    const store = await open();
    await store.recordLaunch(anActivity({ settings: null }), aMember());
    const audit = anAuditEvent({ action: 'activity.set-up', subject: 'activity-1' });
    expect(await store.saveSettings('activity-1', someSettings(), audit)).toBe(true);
    expect(await store.activity('activity-1')).toEqual(anActivity());
    expect(await store.auditOf('activity-1')).toEqual([audit]);
    const lost = anAuditEvent({ id: 'audit-2', subject: 'activity-2' });
    expect(await store.saveSettings('activity-2', someSettings(), lost)).toBe(false);
    expect(await store.auditOf('activity-2')).toEqual([]);
  });

  test('a member is refreshed by every launch, and last seen never moves back', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember({ status: 'departed' }));
    const now = aMember({
      role: 'teacher',
      name: 'Student 1',
      email: 'other@example.test',
      lastSeenAt: NOW + 5,
    });
    await store.recordLaunch(anActivity(), now);
    expect(await store.member(COURSE, 'student-1')).toEqual(now);
    await store.recordLaunch(anActivity(), { ...now, lastSeenAt: NOW });
    expect(await store.member(COURSE, 'student-1')).toEqual(now);
  });

  test('members of one course are not in another', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember({ userId: 'student-2' }));
    await store.recordLaunch(anActivity(), aMember({ userId: 'student-1' }));
    for (const elsewhere of [
      { platformId: 'platform-2' },
      { deploymentId: 'deployment-2' },
      { contextId: 'context-2' },
    ]) {
      await store.recordLaunch(
        anActivity({ id: `activity-${Object.keys(elsewhere)}`, ...elsewhere }),
        aMember({ userId: 'stranger', ...elsewhere }),
      );
      expect(await store.members({ ...COURSE, ...elsewhere })).toEqual([
        aMember({ userId: 'stranger', ...elsewhere }),
      ]);
    }
    expect(await store.members(COURSE)).toEqual([
      aMember({ userId: 'student-1' }),
      aMember({ userId: 'student-2' }),
    ]);
    expect(await store.members(COURSE, ['student-2', 'stranger'])).toEqual([
      aMember({ userId: 'student-2' }),
    ]);
    expect(await store.members(COURSE, [])).toEqual([]);
    expect(await store.member(COURSE, 'stranger')).toBeNull();
  });
}
