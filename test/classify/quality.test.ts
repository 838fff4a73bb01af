import { expect, test } from 'vitest';
import { placeTyped } from '../support/placing.ts';

const answers = (facts: Record<string, unknown>) =>
  Object.fromEntries(
    placeTyped('construction', { name: 'Timber joinery', ...facts }).quality.map(({ id, answer }) => [
      id,
      answer,
    ]),
  );

test('what a badge does not say stays not stated', () => {
  expect(answers({})).toEqual({
    issuer_named: 'not-stated',
    quality_assured: 'not-stated',
    competency_named: 'not-stated',
    outcomes_stated: 'not-stated',
    assessed: 'not-stated',
    evidence_shown: 'not-stated',
    relevant: 'not-stated',
    endorsed: 'not-stated',
    verifiable: 'no',
    portable: 'not-stated',
    pathway: 'not-stated',
    size_stated: 'not-stated',
  });
});

test('what it does say is answered, from the badge or from the list of issuers', () => {
  expect(
    answers({
      issuer: 'Canadian Red Cross',
      criteria:
        'The learner can build a frame, a skill of the construction trade, and passed a practical exam.',
      description: 'Stackable; endorsed by an industry association. 12 hours.',
      evidence: ['https://example.com/photo'],
    }),
  ).toMatchObject({
    issuer_named: 'yes',
    competency_named: 'yes',
    outcomes_stated: 'yes',
    assessed: 'yes',
    evidence_shown: 'yes',
    relevant: 'yes',
    endorsed: 'yes',
    pathway: 'yes',
    size_stated: 'yes',
  });
});

test('a session that was only attended was not assessed', () => {
  expect(answers({ criteria: 'Participated in one evening' })['assessed']).toBe('no');
});
