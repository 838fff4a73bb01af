import { describe, expect, test } from 'vitest';
import type { ActivitySettings } from '../../src/domain/activity.ts';
import { type DesiredScoreInput, desiredScore } from '../../src/domain/desired-score.ts';
import type { DesiredScore } from '../../src/domain/gradebook.ts';
import type { Rubric } from '../../src/domain/rubric.ts';
import type { Decision, Submission, SubmissionState } from '../../src/domain/submission.ts';
import { aDecision, aSubmission, someSettings } from '../support/build.ts';

const words = { en: 'x', fr: 'x' };
const level = (points: number) => ({ points, name: words, description: words });
const rubric: Rubric = {
  id: 'r',
  criteria: [
    { id: 'describe', name: words, levels: [level(0), level(1), level(2)] },
    { id: 'connect', name: words, levels: [level(0), level(1), level(2)] },
  ],
};
const settings = someSettings({ scoring: 'lines', pointsPossible: 10 });

function submission(
  state: SubmissionState,
  at: number,
  decision: Partial<Decision> | null = null,
): Submission {
  return aSubmission({
    id: `submission-${at}`,
    state,
    submittedAt: state === 'draft' ? null : at,
    decision: decision && aDecision({ comment: '', decidedAt: at + 1, ...decision }),
  });
}

const draft = submission('draft', 5);
const waiting = submission('submitted', 40);
const accepted = submission('accepted', 10, { comment: 'Well done.' });
const returned = submission('returned', 20, {
  outcome: 'returned',
  comment: 'Show the date.',
  decidedBy: 'teacher-2',
});
const withdrawn = submission('withdrawn', 30, { comment: 'Old words.' });
const marked = (describe: number, connect: number, at = 10) =>
  submission('accepted', at, { marks: { describe, connect } });

const base: DesiredScoreInput = {
  settings,
  submissions: [],
  progress: { met: 1, required: 4 },
  rubric,
  progressSentence: null,
};
const empty: DesiredScore = {
  scoreGiven: null,
  scoreMaximum: 10,
  activityProgress: 'Initialized',
  gradingProgress: 'NotReady',
  comment: '',
  submittedAt: null,
  scoringUserId: null,
};
const completed = { activityProgress: 'Completed', gradingProgress: 'FullyGraded' } as const;
const waits = { activityProgress: 'Submitted', gradingProgress: 'PendingManual' } as const;
const goesOn = { activityProgress: 'InProgress', gradingProgress: 'Pending' } as const;

describe('what the column shows', () => {
  const cases: readonly [string, readonly Submission[], DesiredScore | null][] = [
    ['nothing was started: the cell is left alone', [], null],
    ['a draft is nobody else’s business', [draft], null],
    ['handed in for the first time', [waiting], { ...empty, ...waits, submittedAt: 40 }],
    [
      'something waits beside accepted work: its points stay',
      [accepted, waiting],
      {
        ...empty,
        ...waits,
        scoreGiven: 2.5,
        submittedAt: 40,
        comment: 'Well done.',
        scoringUserId: 'teacher-1',
      },
    ],
    [
      'something waits after a return: no points, the comment stays',
      [returned, waiting],
      { ...empty, ...waits, submittedAt: 40, comment: 'Show the date.' },
    ],
    [
      'returned and nothing accepted',
      [returned],
      { ...empty, ...goesOn, comment: 'Show the date.', scoringUserId: 'teacher-2' },
    ],
    [
      'accepted',
      [accepted],
      {
        ...empty,
        ...completed,
        scoreGiven: 2.5,
        submittedAt: 10,
        comment: 'Well done.',
        scoringUserId: 'teacher-1',
      },
    ],
    [
      'accepted and returned: all is decided, the newest comment counts',
      [accepted, returned, draft],
      {
        ...empty,
        ...completed,
        scoreGiven: 2.5,
        submittedAt: 20,
        comment: 'Show the date.',
        scoringUserId: 'teacher-2',
      },
    ],
    ['withdrawn and nothing else: the cell is emptied', [withdrawn, draft], empty],
    [
      'withdrawn work says nothing beside other work',
      [withdrawn, accepted],
      {
        ...empty,
        ...completed,
        scoreGiven: 2.5,
        submittedAt: 10,
        comment: 'Well done.',
        scoringUserId: 'teacher-1',
      },
    ],
  ];
  test.each(cases)('%s', (_, submissions, expected) => {
    expect(desiredScore({ ...base, submissions })).toEqual(expected);
  });

  test('an activity worth no points has no column', () => {
    expect(
      desiredScore({ ...base, settings: { ...settings, pointsPossible: 0 }, submissions: [accepted] }),
    ).toBeNull();
  });

  test('the progress sentence comes first and the comment is plain and trimmed', () => {
    const comments = (sentence: string | null, comment: string) =>
      desiredScore({
        ...base,
        progressSentence: sentence,
        submissions: [submission('accepted', 10, { comment })],
      })?.comment;
    expect(comments('1 of 4 accepted.', ' Good <b>work</b>\n')).toBe('1 of 4 accepted.\nGood <b>work</b>');
    expect(comments('1 of 4 accepted.', '  ')).toBe('1 of 4 accepted.');
    expect(comments(null, 'Good.')).toBe('Good.');
  });
});

describe('points', () => {
  type Case = {
    scoring: ActivitySettings['scoring'];
    kind?: ActivitySettings['kind'];
    met?: number;
    required?: number | null;
    submissions?: readonly Submission[];
    expected: [
      number | null,
      'Completed' | 'InProgress' | 'Submitted',
      'FullyGraded' | 'Pending' | 'PendingManual',
    ];
  };
  const cases: Readonly<Record<string, Case>> = {
    'lines: met over required': {
      scoring: 'lines',
      met: 2,
      required: 3,
      expected: [6.67, 'Completed', 'FullyGraded'],
    },
    'lines: more than required is full marks': {
      scoring: 'lines',
      met: 5,
      required: 4,
      expected: [10, 'Completed', 'FullyGraded'],
    },
    'lines: none met is a zero, not a gap': {
      scoring: 'lines',
      met: 0,
      required: 4,
      expected: [0, 'Completed', 'FullyGraded'],
    },
    'lines: number required not known, so the rubric': {
      scoring: 'lines',
      required: null,
      submissions: [marked(2, 1)],
      expected: [7.5, 'Completed', 'FullyGraded'],
    },
    'lines: nothing required, so the rubric': {
      scoring: 'lines',
      required: 0,
      submissions: [marked(1, 1)],
      expected: [5, 'Completed', 'FullyGraded'],
    },
    'rubric: the mean of the accepted ones': {
      scoring: 'rubric',
      submissions: [marked(2, 2), marked(1, 0, 11), marked(1, 0, 12)],
      expected: [5, 'Completed', 'FullyGraded'],
    },
    'rubric: rounded to two decimals': {
      scoring: 'rubric',
      submissions: [marked(2, 2), marked(1, 0, 11), marked(0, 0, 12)],
      expected: [4.17, 'Completed', 'FullyGraded'],
    },
    'rubric: a record without marks does not pull the mean down': {
      scoring: 'rubric',
      submissions: [marked(2, 2), submission('accepted', 11, {})],
      expected: [10, 'Completed', 'FullyGraded'],
    },
    'rubric: returned work does not count': {
      scoring: 'rubric',
      submissions: [marked(2, 2), submission('returned', 11, { marks: { describe: 0, connect: 0 } })],
      expected: [10, 'Completed', 'FullyGraded'],
    },
    'rubric: accepted without marks waits for the teacher': {
      scoring: 'rubric',
      submissions: [submission('accepted', 10, {})],
      expected: [null, 'Submitted', 'PendingManual'],
    },
    'rubric: a mark that is not offered is no mark': {
      scoring: 'rubric',
      submissions: [marked(9, 2)],
      expected: [null, 'Submitted', 'PendingManual'],
    },
    'completion: complete': {
      scoring: 'completion',
      met: 4,
      required: 4,
      expected: [10, 'Completed', 'FullyGraded'],
    },
    'completion: not yet': {
      scoring: 'completion',
      met: 3,
      required: 4,
      expected: [null, 'InProgress', 'Pending'],
    },
    'completion: unknown is not complete': {
      scoring: 'completion',
      met: 9,
      required: null,
      expected: [null, 'InProgress', 'Pending'],
    },
    'completion: a badge beside the record is complete when accepted': {
      scoring: 'completion',
      kind: 'supplementary',
      required: null,
      expected: [10, 'Completed', 'FullyGraded'],
    },
    'completion: not yet complete and something waits': {
      scoring: 'completion',
      met: 3,
      submissions: [accepted, waiting],
      expected: [null, 'Submitted', 'PendingManual'],
    },
  };
  test.each(Object.entries(cases))('%s', (_, one) => {
    const score = desiredScore({
      ...base,
      settings: { ...settings, scoring: one.scoring, kind: one.kind ?? 'record' },
      submissions: one.submissions ?? [accepted],
      progress: { met: one.met ?? 0, required: one.required === undefined ? 4 : one.required },
    });
    expect([score?.scoreGiven, score?.activityProgress, score?.gradingProgress]).toEqual(one.expected);
  });
});
