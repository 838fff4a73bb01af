import { expect, test } from 'vitest';
import { placedOtherwise } from '../../src/services/placed-otherwise.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import {
  aChange,
  aCredentialReport,
  aMember,
  anActivity,
  aPlacementReport,
  aSubmission,
  NOW,
  someFacts,
} from '../support/build.ts';

test('only what waits and comes out otherwise is named, and nothing is written', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await store.recordLaunch(anActivity(), aMember());
  const named = (name: string) => aCredentialReport({ credential: { ...someFacts(), name } });
  const hold = (id: string, state: 'submitted' | 'accepted', name: string) =>
    store.saveSubmission(aChange({ submission: aSubmission({ id, state, credential: named(name) }) }), NOW);
  await hold('first-aid', 'submitted', 'Standard First Aid');
  await hold('podcast', 'submitted', 'Podcast Production');
  await hold('accepted-podcast', 'accepted', 'Podcast Production');
  const before = await store.submission('podcast');

  const lineUnder = (line: string | null) =>
    aPlacementReport({
      certification: line,
      also: [],
      placement: line === null ? 'supplementary' : 'elective',
    });
  const found = await placedOtherwise(
    { store, now: () => NOW },
    {
      before: ({ credential }) =>
        lineUnder(credential.credential.name === 'Standard First Aid' ? 'standard-first-aid' : null),
      after: ({ credential }) =>
        lineUnder(credential.credential.name === 'Standard First Aid' ? 'standard-first-aid' : 'media'),
    },
  );
  expect(found).toEqual([
    {
      submission: 'podcast',
      sector: 'health-wellness',
      before: { placement: 'supplementary', certification: null, also: [] },
      after: { placement: 'elective', certification: 'media', also: [] },
    },
  ]);
  expect(await store.submission('podcast')).toEqual(before);
  await store.close();
});
