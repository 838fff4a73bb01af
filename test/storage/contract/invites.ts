import { expect, test } from 'vitest';
import {
  aDeployment,
  anAuditEvent,
  anInvite,
  aPlatform,
  DAY,
  MINUTE,
  NOW,
  SECOND,
} from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const HASH = 'invite-hash-1';
const offered = anAuditEvent({ id: 'audit-0', actor: 'operator', action: 'platform.invited', subject: HASH });
const added = anAuditEvent({ id: 'audit-1', action: 'platform.added', subject: 'platform-1' });
const seen = anAuditEvent({ id: 'audit-2', action: 'deployment.seen', subject: 'deployment-1' });
const registration = { platform: aPlatform(), deployment: aDeployment(), audit: [added, seen] };

export function inviteContract(open: Open): void {
  const withInvite = async (over = {}) => {
    const store = await open();
    await store.addInvite(anInvite(over), offered);
    return store;
  };

  test('an invite is kept whole, with who made it', async () => {
    const named = anInvite({ name: 'Example Board', platformStatus: 'disabled' });
    const store = await withInvite(named);
    expect(await store.invite(HASH)).toEqual(named);
    expect(await store.invite('invite-hash-2')).toBeNull();
    expect(await store.auditOf(HASH)).toEqual([offered]);
  });

  test('an invite is held by one at a time, until it is given back or the time is over', async () => {
    const store = await withInvite();
    const hold = (at: number) => store.holdInvite(HASH, at, at + MINUTE);
    expect([await hold(NOW), await hold(NOW), await hold(NOW + MINUTE - 1)]).toEqual([true, false, false]);
    expect(await hold(NOW + MINUTE)).toBe(true);
    await store.releaseInvite(HASH);
    expect(await hold(NOW + MINUTE)).toBe(true);
    expect(await store.invite(HASH)).toEqual(anInvite());
  });

  test('of many that ask at once one holds it', async () => {
    const stores = [await withInvite(), await open()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => stores[n % 2]?.holdInvite(HASH, NOW, NOW + MINUTE)),
    );
    expect(answers.filter((answer) => answer === true)).toHaveLength(1);
  });

  test.each([
    ['over', { expiresAt: NOW }],
    ['spent', { spentAt: NOW - SECOND }],
    ['unknown', { codeHash: 'invite-hash-2' }],
  ])('an invite that is %s cannot be held', async (_, over) => {
    const store = await withInvite(over);
    expect(await store.holdInvite(HASH, NOW, NOW + MINUTE)).toBe(false);
  });

  test('a registration spends the invite and is written with its deployment and audit lines', async () => {
    const store = await withInvite();
    expect(await store.registerInvited(HASH, registration, NOW + SECOND)).toBe('registered');
    expect(await store.invite(HASH)).toEqual(anInvite({ spentAt: NOW + SECOND }));
    expect(await store.platforms()).toEqual([aPlatform()]);
    expect(await store.deployments('platform-1')).toEqual([aDeployment()]);
    expect(await store.auditOf('platform-1')).toEqual([added]);
    expect(await store.auditOf('deployment-1')).toEqual([seen]);
  });

  test('a registration may come without a deployment', async () => {
    const store = await withInvite();
    const bare = { ...registration, deployment: null, audit: [added] };
    expect(await store.registerInvited(HASH, bare, NOW)).toBe('registered');
    expect(await store.deployments('platform-1')).toEqual([]);
  });

  test('an invite registers one of many that come at once', async () => {
    const stores = [await withInvite(), await open()];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => {
        const platform = aPlatform({ id: `platform-${n}`, clientId: `client-${n}` });
        const audit = [anAuditEvent({ id: `audit-race-${n}`, subject: 'race' })];
        return stores[n % 2]?.registerInvited(HASH, { platform, deployment: null, audit }, NOW + DAY);
      }),
    );
    expect(answers.toSorted()).toEqual(['registered', ...Array(5).fill('spent')]);
    expect(await stores[0]?.platforms()).toHaveLength(1);
    expect(await stores[0]?.auditOf('race')).toHaveLength(1);
  });

  test('an LMS that is registered already spends the invite and stays as it is', async () => {
    const store = await withInvite();
    const known = aPlatform({ name: 'As it was' });
    await store.addPlatform(known, anAuditEvent({ id: 'audit-3', subject: 'before' }));
    const again = { ...registration, platform: aPlatform({ id: 'platform-2' }), deployment: null };
    expect(await store.registerInvited(HASH, again, NOW)).toBe('known');
    expect(await store.invite(HASH)).toEqual(anInvite({ spentAt: NOW }));
    expect(await store.platforms()).toEqual([known]);
    expect(await store.auditOf('platform-1')).toEqual([]);
  });

  test('a registration that fails at its last step leaves the invite open', async () => {
    const store = await withInvite();
    const taken = { ...registration, audit: [added, { ...seen, id: 'audit-0' }] };
    await expect(store.registerInvited(HASH, taken, NOW)).rejects.toThrow();
    expect(await store.invite(HASH)).toEqual(anInvite());
    expect(await store.platforms()).toEqual([]);
    expect(await store.auditOf('platform-1')).toEqual([]);
    expect(await store.registerInvited(HASH, registration, NOW)).toBe('registered');
  });
}
