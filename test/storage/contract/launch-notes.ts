import { expect, test } from 'vitest';
import { LAUNCH_NOTES, type LaunchNote } from '../../../src/domain/launch-note.ts';
import { MINUTE, NOW } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

function aNote(over: Partial<LaunchNote> = {}): LaunchNote {
  return {
    requestId: 'request-1',
    at: NOW,
    platformId: 'platform-1',
    deploymentId: 'deployment-1',
    messageType: 'LtiResourceLinkRequest',
    role: 'student',
    passed: ['form', 'state', 'login'],
    failed: null,
    refusal: null,
    claim: null,
    ...over,
  };
}

export function launchNoteContract(open: Open): void {
  test('notes are read newest first, of one platform or of all', async () => {
    const store = await open();
    const refused = aNote({
      requestId: 'request-2',
      deploymentId: null,
      messageType: null,
      role: null,
      failed: 'claims',
      refusal: 'lti-errors.user-missing',
      claim: 'sub',
    });
    const elsewhere = aNote({ requestId: 'request-3', platformId: 'platform-2' });
    for (const note of [aNote(), refused, elsewhere]) await store.noteLaunch(note);
    expect(await store.launchNotes('platform-1', 10)).toEqual([refused, aNote()]);
    expect(await store.launchNotes('platform-1', 1)).toEqual([refused]);
    expect(await store.launchNotes(null, 10)).toEqual([elsewhere, refused, aNote()]);
    expect(await store.launchNotes('platform-3', 10)).toEqual([]);
  });

  test('a note is kept for thirty days', async () => {
    const store = await open();
    await store.noteLaunch(aNote());
    const later = (at: number) => aNote({ requestId: `request-at-${at}`, at });
    await store.noteLaunch(later(NOW + LAUNCH_NOTES.keptMs));
    expect(await store.launchNotes(null, 10)).toHaveLength(2);
    await store.noteLaunch(later(NOW + LAUNCH_NOTES.keptMs + MINUTE));
    expect((await store.launchNotes(null, 10)).map((note) => note.at - NOW - LAUNCH_NOTES.keptMs)).toEqual([
      MINUTE,
      0,
    ]);
  });
}
