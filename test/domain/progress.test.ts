import { describe, expect, test } from 'vitest';
import { type Progress, studentProgress } from '../../src/domain/progress.ts';
import type { Decision, Submission } from '../../src/domain/submission.ts';
import { aCredentialReport, aDecision, aPlacementReport, aSubmission, someFacts } from '../support/build.ts';
import { catalogue } from '../support/placing.ts';

const TODAY = '2026-11-23';

function progress(sectorId: string, submissions: readonly Submission[]): Progress {
  return studentProgress({
    rules: catalogue.rules,
    sectorId,
    submissions,
    today: TODAY,
    graduatesOn: '2027-06-30',
  });
}

let next = 0;
function accepted(
  sectorId: string,
  lines: readonly string[],
  more: { expiresOn?: string; outcome?: 'revoked'; placement?: Decision['placement'] } = {},
): Submission {
  next += 1;
  return aSubmission({
    id: `s-${next}`,
    sectorId,
    state: 'accepted',
    credential: aCredentialReport({
      outcome: more.outcome ?? 'verified',
      credential: someFacts({ expiresOn: more.expiresOn ?? null }),
    }),
    decision: aDecision({ lines, placement: more.placement ?? 'compulsory' }),
  });
}

const waiting = (sectorId: string, certification: string, also: readonly string[] = []) =>
  aSubmission({ id: 'waits', sectorId, placement: aPlacementReport({ certification, also }) });

const statusOf = (found: Progress, id: string) =>
  found.lines.find((line) => line.certificationId === id)?.lineStatus;

test('nothing handed in: every compulsory line is missing, and the number of electives is said', () => {
  const found = progress('construction', []);
  expect({ ...found, lines: found.lines.length }).toEqual({
    sectorId: 'construction',
    lines: 37,
    compulsory: { met: 0, required: 5 },
    electives: { met: 0, required: 2 },
    metTotal: 0,
    requiredTotal: 7,
    percentage: 0,
    supplementary: [],
    dropped: [],
    next: {
      compulsory: [
        'cpr-c-aed',
        'standard-first-aid',
        'whmis-generic',
        'health-and-safety-basic',
        'working-at-heights',
      ],
      compulsoryNotKnown: 0,
      electivesLeft: 2,
    },
  });
});

test('one course can fill two lines; two courses for one line count once', () => {
  const found = progress('construction', [
    accepted('construction', ['standard-first-aid', 'cpr-c-aed']),
    accepted('construction', ['standard-first-aid']),
  ]);
  expect([found.metTotal, found.percentage, found.next.compulsory]).toEqual([
    2,
    28,
    ['whmis-generic', 'health-and-safety-basic', 'working-at-heights'],
  ]);
});

test('more electives than needed do not make up for a compulsory line', () => {
  const electives = ['chainsaw-safety', 'rigging', 'scaffold-safety', 'traffic-control', 'fall-protection'];
  const found = progress(
    'construction',
    electives.map((id) => accepted('construction', [id], { placement: 'elective' })),
  );
  expect([found.electives, found.metTotal, found.next.electivesLeft]).toEqual([
    { met: 4, required: 2 },
    2,
    0,
  ]);
  expect(found.dropped.map((drop) => drop.certificationId)).toEqual(['rigging']);
});

test('only what a teacher accepted counts; a proposal waits', () => {
  const found = progress('construction', [waiting('construction', 'standard-first-aid', ['cpr-c-aed'])]);
  expect([statusOf(found, 'standard-first-aid'), statusOf(found, 'cpr-c-aed'), found.metTotal]).toEqual([
    'waiting',
    'waiting',
    0,
  ]);
  expect(found.next.compulsory).toEqual(['whmis-generic', 'health-and-safety-basic', 'working-at-heights']);
});

test('the teacher decides: a line other than the proposed one is what counts', () => {
  const decided = {
    ...accepted('construction', ['whmis-generic']),
    placement: aPlacementReport({ certification: 'standard-first-aid', also: [] }),
  };
  const found = progress('construction', [decided]);
  expect([statusOf(found, 'whmis-generic'), statusOf(found, 'standard-first-aid')]).toEqual([
    'met',
    'missing',
  ]);
});

describe('a met line', () => {
  test.each([
    ['ends in a month', { expiresOn: '2026-12-20' }, 'expiring'],
    ['ends before graduation', { expiresOn: '2027-05-01' }, 'expiring'],
    ['ends after graduation', { expiresOn: '2027-07-01' }, 'met'],
    ['has ended', { expiresOn: '2026-01-20' }, 'expiring'],
    ['ends in two years', { expiresOn: '2028-12-20' }, 'met'],
    ['was revoked since', { outcome: 'revoked' as const }, 'flagged'],
  ])('that %s still counts', (_name, more, status) => {
    const found = progress('business', [accepted('business', ['whmis-generic'], more)]);
    expect([statusOf(found, 'whmis-generic'), found.metTotal]).toEqual([status, 1]);
  });

  test('is filled by the certificate that lasts longest', () => {
    const short = accepted('business', ['whmis-generic'], { expiresOn: '2026-12-01' });
    const long = accepted('business', ['whmis-generic'], { expiresOn: '2029-12-01' });
    const line = progress('business', [short, long]).lines.find(
      ({ certificationId }) => certificationId === 'whmis-generic',
    );
    expect([line?.submissionId, line?.lineStatus]).toEqual([long.id, 'met']);
  });
});

describe('what the rules do not know is said, not guessed', () => {
  test('no total: no percentage', () => {
    const found = progress('mining', [accepted('mining', ['standard-first-aid'])]);
    expect([
      found.requiredTotal,
      found.percentage,
      found.next.compulsoryNotKnown,
      found.next.electivesLeft,
    ]).toEqual([null, null, null, null]);
    expect(found.metTotal).toBe(1);
  });

  test('a compulsory line that the list does not name stays open', () => {
    const found = progress('transportation', [
      accepted('transportation', ['standard-first-aid', 'cpr-c-aed']),
      accepted('transportation', ['whmis-generic']),
    ]);
    expect([found.compulsory, found.next.compulsory, found.next.compulsoryNotKnown]).toEqual([
      { met: 3, required: 4 },
      [],
      1,
    ]);
  });

  test.each([
    ['compulsory', { met: 1, required: 4 }, { met: 0, required: 3 }],
    ['elective', { met: 0, required: 4 }, { met: 1, required: 3 }],
  ] as const)(
    'a line whose role is not known counts as the teacher said: %s',
    (placement, compulsory, electives) => {
      const found = progress('transportation', [accepted('transportation', ['air-brakes'], { placement })]);
      expect([found.compulsory, found.electives]).toEqual([compulsory, electives]);
    },
  );
});

test('a badge beside the list is kept apart, and another sector’s work does not count', () => {
  const beside = accepted('business', [], { placement: 'supplementary' });
  const found = progress('business', [beside, accepted('construction', ['whmis-generic'])]);
  expect([found.supplementary, found.metTotal]).toEqual([[beside.id], 0]);
});

test('a student in two sectors has two records, each with what was handed in for it', () => {
  const work = [
    accepted('construction', ['standard-first-aid', 'cpr-c-aed']),
    accepted('health-wellness', ['whmis-generic']),
  ];
  expect([progress('construction', work).metTotal, progress('health-wellness', work).metTotal]).toEqual([
    2, 1,
  ]);
});

test('a student who changes sector keeps the old record, and the same certificate counts once it is handed in again', () => {
  const before = [accepted('construction', ['standard-first-aid'])];
  const after = [...before, accepted('health-wellness', ['standard-first-aid'])];
  expect([progress('construction', after).metTotal, progress('health-wellness', before).metTotal]).toEqual([
    1, 0,
  ]);
  expect(statusOf(progress('health-wellness', after), 'standard-first-aid')).toBe('met');
});

test('a sector that the rules no longer have shows nothing, and says so by null', () => {
  const found = progress('gone', [accepted('gone', ['whmis-generic'])]);
  expect([found.lines, found.requiredTotal, found.percentage, found.dropped.length]).toEqual([
    [],
    null,
    null,
    1,
  ]);
});
