import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Invite } from '../../src/domain/invite.ts';
import type { Store } from '../../src/domain/ports.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { aDeployment, anAuditEvent, aPlatform, NOW } from '../support/build.ts';

const MINUTE = 60_000;

function anInvite(over: Partial<Invite> = {}): Invite {
  return {
    codeHash: 'hash-1',
    name: null,
    platformStatus: 'active',
    createdAt: NOW,
    expiresAt: NOW + 60 * MINUTE,
    spentAt: null,
    ...over,
  };
}

const registration = {
  platform: aPlatform(),
  deployment: aDeployment({ platformId: aPlatform().id }),
  audit: [anAuditEvent({ id: 'audit-added', action: 'platform.added', subject: 'platform-1' })],
};

let store: Store;
beforeEach(async () => {
  store = openSqliteStore({ path: ':memory:' });
  await store.addInvite(anInvite(), anAuditEvent({ id: 'audit-invited', action: 'platform.invited' }));
});
afterEach(() => store.close());

test('an invite is read back as it was written, with its audit event', async () => {
  expect(await store.invite('hash-1')).toEqual(anInvite());
  expect(await store.invite('hash-2')).toBeNull();
  expect(await store.auditOf('submission-1')).toMatchObject([{ action: 'platform.invited' }]);
});

test('one caller at a time holds it, until it is given back or the time is over', async () => {
  const hold = (at: number) => store.holdInvite('hash-1', at, at + MINUTE);
  expect([await hold(NOW), await hold(NOW), await hold(NOW + MINUTE - 1)]).toEqual([true, false, false]);
  expect(await hold(NOW + MINUTE)).toBe(true);
  await store.releaseInvite('hash-1');
  expect(await hold(NOW + MINUTE)).toBe(true);
});

test('nobody holds one that is over, spent or unknown', async () => {
  expect(await store.holdInvite('hash-1', NOW + 60 * MINUTE, NOW + 61 * MINUTE)).toBe(false);
  expect(await store.holdInvite('hash-2', NOW, NOW + MINUTE)).toBe(false);
  await store.registerInvited('hash-1', registration, NOW);
  expect(await store.holdInvite('hash-1', NOW, NOW + MINUTE)).toBe(false);
});

test('a registration spends it and is written once', async () => {
  expect(await store.registerInvited('hash-1', registration, NOW)).toBe('registered');
  expect(await store.registerInvited('hash-1', registration, NOW + 1)).toBe('spent');
  expect(await store.invite('hash-1')).toEqual(anInvite({ spentAt: NOW }));
  expect(await store.platforms()).toEqual([registration.platform]);
  expect(await store.deployments(registration.platform.id)).toEqual([registration.deployment]);
  expect(await store.auditOf('platform-1')).toHaveLength(1);
});

test('a registration that is there already stays as it is', async () => {
  await store.addPlatform(aPlatform(), anAuditEvent({ id: 'audit-before', action: 'platform.added' }));
  const again = { ...registration, platform: aPlatform({ id: 'platform-2', name: 'Another name' }) };
  expect(await store.registerInvited('hash-1', { ...again, deployment: null }, NOW)).toBe('known');
  expect(await store.platforms()).toEqual([aPlatform()]);
  expect((await store.invite('hash-1'))?.spentAt).toBe(NOW);
});
