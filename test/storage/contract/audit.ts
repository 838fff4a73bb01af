import { expect, test } from 'vitest';
import { anAuditEvent, NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

export function auditContract(open: Open): void {
  test('an event is kept whole, with and without a platform', async () => {
    const store = await open();
    const event = anAuditEvent({
      actor: 'operator',
      platformId: null,
      deploymentId: null,
      detail: { outcome: 'verified', count: 2, confirmed: true, line: null },
    });
    await store.appendAudit(event);
    expect(await store.auditOf('submission-1')).toEqual([event]);
    expect(await store.auditOf('submission-2')).toEqual([]);
  });

  test('the newest event comes first, and of one moment the last written', async () => {
    const store = await open();
    const written = [
      anAuditEvent({ id: 'b', at: NOW }),
      anAuditEvent({ id: 'a', at: NOW }),
      anAuditEvent({ id: 'c', at: NOW + SECOND }),
      anAuditEvent({ id: 'd', at: NOW - SECOND }),
    ];
    for (const event of written) await store.appendAudit(event);
    expect((await store.auditOf('submission-1')).map((event) => event.id)).toEqual(['c', 'a', 'b', 'd']);
  });

  test('an event is never replaced by another of the same id', async () => {
    const store = await open();
    await store.appendAudit(anAuditEvent());
    await expect(store.appendAudit(anAuditEvent({ actor: 'somebody-else' }))).rejects.toThrow();
    expect(await store.auditOf('submission-1')).toEqual([anAuditEvent()]);
  });
}
