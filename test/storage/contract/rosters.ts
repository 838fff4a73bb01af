import { expect, test } from 'vitest';
import { aMember, anActivity, COURSE, MINUTE, NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const PROBLEM = { key: 'lms-unavailable', status: null, excerpt: 'timeout: total-time' };

export function rosterContract(open: Open): void {
  test('a list adds who never launched and refreshes who did', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember());
    const student = aMember({ name: null, email: null, lastSeenAt: NOW + MINUTE });
    const newcomer = aMember({ userId: 'student-2', name: 'Student Two', lastSeenAt: NOW + MINUTE });
    const list = { members: [student, newcomer], isComplete: true, readAt: NOW + MINUTE };
    await store.saveRoster(COURSE, list);
    expect(await store.members(COURSE)).toEqual([aMember({ lastSeenAt: NOW + MINUTE }), newcomer]);
    expect(await store.roster(COURSE)).toEqual({
      readAt: NOW + MINUTE,
      isComplete: true,
      triedAt: NOW + MINUTE,
      problem: null,
    });
  });

  test('people of a list that is still being read are added and refreshed, and nobody departs', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember());
    const student = aMember({ name: null, email: null, lastSeenAt: NOW + MINUTE });
    const newcomer = aMember({ userId: 'student-2', name: 'Student Two' });
    await store.addMembers(COURSE, []);
    await Promise.all([store.addMembers(COURSE, [newcomer]), store.addMembers(COURSE, [student, newcomer])]);
    expect(await store.members(COURSE)).toEqual([aMember({ lastSeenAt: NOW + MINUTE }), newcomer]);
    expect(await store.roster(COURSE)).toBeNull();
  });

  test('who is not on a complete list has departed and is still there, and may come back', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember());
    const elsewhere = aMember({ contextId: 'context-2' });
    await store.recordLaunch(anActivity({ id: 'activity-2', contextId: 'context-2' }), elsewhere);
    await store.saveRoster(COURSE, { members: [], isComplete: true, readAt: NOW + SECOND });
    expect(await store.members(COURSE)).toEqual([aMember({ status: 'departed' })]);
    expect(await store.members(elsewhere)).toEqual([elsewhere]);
    const back = aMember({ lastSeenAt: NOW + MINUTE });
    await store.saveRoster(COURSE, { members: [back], isComplete: true, readAt: NOW + MINUTE });
    expect(await store.members(COURSE)).toEqual([back]);
  });

  test('nobody departs by a list that is not complete, or that began before they were seen', async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember({ lastSeenAt: NOW + SECOND }));
    await store.saveRoster(COURSE, { members: [], isComplete: true, readAt: NOW });
    await store.saveRoster(COURSE, { members: [], isComplete: false, readAt: NOW + MINUTE });
    expect(await store.members(COURSE)).toEqual([aMember({ lastSeenAt: NOW + SECOND })]);
    expect(await store.roster(COURSE)).toMatchObject({ readAt: NOW + MINUTE, isComplete: false });
  });

  test('a try that failed keeps the last list and says why', async () => {
    const store = await open();
    expect(await store.roster(COURSE)).toBeNull();
    await store.saveRosterProblem(COURSE, PROBLEM, NOW);
    const nothing = { readAt: null, isComplete: false, triedAt: NOW, problem: PROBLEM };
    expect(await store.roster(COURSE)).toEqual(nothing);
    await store.saveRoster(COURSE, { members: [aMember()], isComplete: true, readAt: NOW + SECOND });
    await store.saveRosterProblem(COURSE, PROBLEM, NOW + MINUTE);
    expect(await store.roster(COURSE)).toEqual({
      readAt: NOW + SECOND,
      isComplete: true,
      triedAt: NOW + MINUTE,
      problem: PROBLEM,
    });
    expect(await store.members(COURSE)).toEqual([aMember()]);
  });
}
