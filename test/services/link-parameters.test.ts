import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/services/activity-settings.ts';
import { historyOfLink, linkParameters, settingsOfLink } from '../../src/services/link-parameters.ts';
import { someSettings } from '../support/build.ts';
import { RULES } from '../support/rules.ts';

test.each([
  someSettings(),
  someSettings({ kind: 'supplementary', pointsPossible: 0, scoring: 'rubric' }),
  someSettings({ reflectionPrompt: '$Context.id is what?\nTwo lines.', pointsPossible: 2.5 }),
  someSettings({ dueAt: Date.parse('2027-06-15T23:59:59-04:00') }),
  someSettings({ dueAt: Date.parse('2027-01-15T23:59:59-05:00') }),
  someSettings({ kind: 'certification', certificationId: 'standard-first-aid' }),
])('settings come out of a link as they went in: %j', (settings) => {
  expect(readSettings(settingsOfLink(linkParameters(settings)), RULES)).toEqual({ settings });
});

test('a link carries texts only, and none that is empty', () => {
  expect(linkParameters(someSettings())).toEqual({
    sector: 'health-wellness',
    kind: 'record',
    points: '10',
    scoring: 'completion',
    context_history: '$Context.id.history',
    link_history: '$ResourceLink.id.history',
  });
});

describe('a history', () => {
  test.each<[string, string | undefined, string[]]>([
    ['of one', 'c1', ['c1']],
    ['of several, the latest first', 'c3,c2, c1', ['c3', 'c2', 'c1']],
    ['with encoded ids', 'a%2Cb,c%20d', ['a,b', 'c d']],
    ['that is not well encoded', '100%,%zz', ['100%', '%zz']],
    ['with holes', ',,c1,', ['c1']],
    ['that the platform did not fill in', '$Context.id.history', []],
    ['that is empty', '', []],
    ['that is missing', undefined, []],
  ])('%s', (_what, text, ids) => {
    expect(historyOfLink(text === undefined ? {} : { context_history: text }, 'context_history')).toEqual(
      ids,
    );
  });

  test('without end is cut', () => {
    expect(historyOfLink({ link_history: 'x,'.repeat(10_000) }, 'link_history')).toHaveLength(50);
  });
});
