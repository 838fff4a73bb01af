import { expect, test } from 'vitest';
import {
  aCell,
  aChange,
  aDeployment,
  aDesiredScore,
  aLogin,
  aMember,
  anActivity,
  anAuditEvent,
  aPlatform,
  aSession,
  aSubmission,
  aToolKey,
  COURSE,
  MINUTE,
  NOW,
  someEvidence,
} from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

export function durabilityContract(open: Open): void {
  test('everything outlives the process that wrote it', async () => {
    const before = await open();
    await before.addPlatform(aPlatform(), anAuditEvent({ id: 'audit-0', subject: 'platform-1' }));
    await before.seeDeployment(aDeployment(), anAuditEvent({ id: 'audit-2', subject: 'deployment-1' }));
    await before.addToolKey(aToolKey());
    await before.openLogin(aLogin());
    await before.spendLogin('state-hash-1', NOW);
    await before.openSession(aSession());
    await before.recordLaunch(anActivity(), aMember());
    const score = { desired: aDesiredScore(), fromVersion: 0 };
    await before.saveSubmission(aChange({ evidence: someEvidence(), score, audit: anAuditEvent() }), NOW);
    await before.claimDue('platform-1', NOW, NOW + MINUTE, 'worker-1', 1);
    await before.lockLineItem('activity-1', 'worker-1', NOW, NOW + MINUTE);
    await before.close();

    const after = await open();
    expect(await after.platforms()).toEqual([aPlatform()]);
    expect(await after.deployments('platform-1')).toEqual([aDeployment()]);
    expect(await after.toolKeys()).toEqual([aToolKey()]);
    expect(await after.login('state-hash-1')).toEqual(aLogin({ spentAt: NOW }));
    expect(await after.session('session-hash-1')).toEqual(aSession());
    expect(await after.activity('activity-1')).toEqual(anActivity());
    expect(await after.member(COURSE, 'student-1')).toEqual(aMember());
    expect(await after.submission('submission-1')).toEqual(aSubmission());
    expect(await after.evidence('evidence-1')).toEqual(someEvidence());
    expect(await after.cells({})).toEqual([aCell({ leaseOwner: 'worker-1', leaseUntil: NOW + MINUTE })]);
    expect(await after.lockLineItem('activity-1', 'worker-2', NOW, NOW + MINUTE)).toBe(false);
    expect(await after.auditOf('submission-1')).toEqual([anAuditEvent()]);
  });

  test('what one connection wrote, another reads at once', async () => {
    const [server, command] = [await open(), await open()];
    await command.addPlatform(aPlatform(), anAuditEvent({ subject: 'platform-1' }));
    expect(await server.platform('platform-1')).toEqual(aPlatform());
    await command.setPlatformStatus('platform-1', 'disabled', anAuditEvent({ id: 'audit-2' }));
    expect(await server.platform('platform-1')).toEqual(aPlatform({ status: 'disabled' }));
  });

  test('a store answers a ping until it is closed; closing twice is closing', async () => {
    const store = await open();
    await store.ping();
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toThrow();
    await expect(store.submission('submission-1')).rejects.toThrow();
  });
}
