import { expect, test } from 'vitest';
import { aDeployment, anAuditEvent, aPlatform, aToolKey, NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const added = (id: string) => anAuditEvent({ id, action: 'platform.added', subject: 'platform-1' });

export function platformContract(open: Open): void {
  test('a platform is kept whole, with who added it', async () => {
    const store = await open();
    const platform = aPlatform({ audience: 'https://api.example.test/auth/token' });
    expect(await store.addPlatform(platform, added('audit-1'))).toBe(true);
    expect(await store.platform('platform-1')).toEqual(platform);
    expect(await store.auditOf('platform-1')).toEqual([added('audit-1')]);
  });

  test('what is not there is null or empty', async () => {
    const store = await open();
    expect(await store.platform('platform-1')).toBeNull();
    expect(await store.platforms()).toEqual([]);
    expect(await store.platformsByIssuer('https://lms.example.test')).toEqual([]);
    expect(await store.deployments('platform-1')).toEqual([]);
    expect(await store.toolKeys()).toEqual([]);
  });

  test('an issuer and client id are registered once, and the second time writes nothing', async () => {
    const store = await open();
    await store.addPlatform(aPlatform(), added('audit-1'));
    const again = aPlatform({ id: 'platform-2', name: 'Another name' });
    expect(await store.addPlatform(again, anAuditEvent({ id: 'audit-2', subject: 'platform-2' }))).toBe(
      false,
    );
    expect(await store.platforms()).toEqual([aPlatform()]);
    expect(await store.auditOf('platform-2')).toEqual([]);
  });

  test('the same registration from two places at once is added once', async () => {
    const stores = [await open(), await open()];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        stores[n % 2]?.addPlatform(aPlatform({ id: `platform-${n}` }), added(`audit-${n}`)),
      ),
    );
    expect(answers.filter((answer) => answer === true)).toHaveLength(1);
    expect(await stores[0]?.platforms()).toHaveLength(1);
  });

  test('platforms are listed oldest first, and one issuer may have several', async () => {
    const store = await open();
    const newer = aPlatform({ id: 'platform-a', clientId: 'client-2', createdAt: NOW + SECOND });
    const older = aPlatform({ id: 'platform-b', clientId: 'client-1', createdAt: NOW });
    const other = aPlatform({ id: 'platform-c', issuer: 'https://other.example.test', createdAt: NOW - 1 });
    for (const platform of [newer, older, other])
      await store.addPlatform(platform, anAuditEvent({ id: `audit-${platform.id}`, subject: platform.id }));
    expect(await store.platforms()).toEqual([other, older, newer]);
    expect(await store.platformsByIssuer('https://lms.example.test')).toEqual([older, newer]);
  });

  test('a platform is switched off and on; a switch that changes nothing leaves no trace', async () => {
    const store = await open();
    await store.addPlatform(aPlatform(), added('audit-1'));
    const off = anAuditEvent({ id: 'audit-2', action: 'platform.status', subject: 'platform-1' });
    expect(await store.setPlatformStatus('platform-1', 'disabled', off)).toBe(true);
    expect(await store.setPlatformStatus('platform-1', 'disabled', { ...off, id: 'audit-3' })).toBe(true);
    expect(await store.platform('platform-1')).toEqual(aPlatform({ status: 'disabled' }));
    expect(await store.auditOf('platform-1')).toEqual([off, added('audit-1')]);
    expect(
      await store.setPlatformStatus('nobody', 'active', { ...off, id: 'audit-4', subject: 'nobody' }),
    ).toBe(false);
    expect(await store.auditOf('nobody')).toEqual([]);
  });

  test('a deployment is written as first seen and never changed by being seen again', async () => {
    const store = await open();
    await store.addPlatform(aPlatform(), added('audit-1'));
    const pending = aDeployment({ status: 'pending' });
    const seen = anAuditEvent({ id: 'audit-2', action: 'deployment.seen', subject: 'deployment-1' });
    expect(await store.seeDeployment(pending, seen)).toEqual(pending);
    const later = aDeployment({ status: 'approved', firstSeenAt: NOW + SECOND });
    expect(await store.seeDeployment(later, { ...seen, id: 'audit-3' })).toEqual(pending);
    expect(await store.deployments('platform-1')).toEqual([pending]);
    expect(await store.auditOf('deployment-1')).toEqual([seen]);
  });

  test('a deployment seen by many launches at once is written once', async () => {
    const stores = [await open(), await open()];
    await stores[0]?.addPlatform(aPlatform(), added('audit-1'));
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        stores[n % 2]?.seeDeployment(
          aDeployment({ status: 'pending' }),
          anAuditEvent({ id: `audit-seen-${n}`, action: 'deployment.seen', subject: 'deployment-1' }),
        ),
      ),
    );
    expect(await stores[0]?.deployments('platform-1')).toEqual([aDeployment({ status: 'pending' })]);
    expect(await stores[0]?.auditOf('deployment-1')).toHaveLength(1);
  });

  test('a deployment is approved once, and only a known one', async () => {
    const store = await open();
    await store.addPlatform(aPlatform(), added('audit-1'));
    await store.addPlatform(
      aPlatform({ id: 'platform-2', clientId: 'client-2' }),
      anAuditEvent({ id: 'audit-2', subject: 'platform-2' }),
    );
    for (const platformId of ['platform-1', 'platform-2'])
      await store.seeDeployment(
        aDeployment({ platformId, status: 'pending' }),
        anAuditEvent({ id: `seen-${platformId}`, subject: platformId }),
      );
    const approval = anAuditEvent({ id: 'audit-3', action: 'deployment.approved', subject: 'deployment-1' });
    expect(await store.approveDeployment('platform-1', 'deployment-1', approval)).toBe(true);
    expect(await store.approveDeployment('platform-1', 'deployment-1', { ...approval, id: 'audit-4' })).toBe(
      true,
    );
    expect(await store.approveDeployment('platform-1', 'nowhere', { ...approval, id: 'audit-5' })).toBe(
      false,
    );
    expect(await store.deployments('platform-1')).toEqual([aDeployment({ status: 'approved' })]);
    expect(await store.deployments('platform-2')).toEqual([
      aDeployment({ platformId: 'platform-2', status: 'pending' }),
    ]);
    expect(await store.auditOf('deployment-1')).toEqual([approval]);
  });

  test('signing keys are kept whole, oldest first', async () => {
    const store = await open();
    const newer = aToolKey({ kid: 'a', createdAt: NOW + SECOND });
    const older = aToolKey({
      kid: 'b',
      retiredAt: NOW + SECOND,
      publicJwk: { kty: 'RSA', key_ops: ['verify'] },
    });
    await store.addToolKey(newer);
    await store.addToolKey(older);
    expect(await store.toolKeys()).toEqual([older, newer]);
  });

  test('a new signing key retires the others and forgets the long retired, all in one', async () => {
    const store = await open();
    const retired = aToolKey({ kid: 'retired', createdAt: NOW - 2, retiredAt: NOW - SECOND });
    await store.addToolKey(aToolKey({ kid: 'forgotten', createdAt: NOW - 3, retiredAt: NOW - 2 * SECOND }));
    await store.addToolKey(retired);
    await store.addToolKey(aToolKey({ kid: 'signing', createdAt: NOW - 1 }));
    const next = aToolKey({ kid: 'next', createdAt: NOW });
    const event = anAuditEvent({ id: 'audit-rotated', action: 'keys.rotated', subject: 'next' });
    await store.rotateToolKeys(next, { retireAt: NOW + SECOND, forgetBefore: NOW - SECOND }, event);
    expect(await store.toolKeys()).toEqual([
      retired,
      aToolKey({ kid: 'signing', createdAt: NOW - 1, retiredAt: NOW + SECOND }),
      next,
    ]);
    expect(await store.auditOf('next')).toEqual([event]);
  });

  test('a key is sealed again without any other change', async () => {
    const store = await open();
    await store.addToolKey(aToolKey());
    await store.resealToolKey('key-1', 'sealed again');
    await store.resealToolKey('key-2', 'nothing');
    expect(await store.toolKeys()).toEqual([aToolKey({ sealedPrivateKey: 'sealed again' })]);
  });
}
