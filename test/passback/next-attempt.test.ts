import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAttempt } from '../../src/passback/next-attempt.ts';
import { DAY, HOUR, MINUTE, NOW, SECOND } from '../support/build.ts';

const first: Parameters<typeof nextAttempt>[0] = {
  attempts: 0,
  changedAt: NOW,
  now: NOW,
  retryAfterMs: null,
  tooMany: false,
  random: 1,
};
/** How long after `NOW` the next try is, or null when it is a person's turn. */
const waitOf = (over: Partial<typeof first>) => {
  const at = nextAttempt({ ...first, ...over });
  return at === null ? null : at - (over.now ?? NOW);
};

test.each<[string, Partial<typeof first>, number | null]>([
  ['the first wait is at most 5 s', {}, 5 * SECOND],
  ['each wait is up to twice the one before', { attempts: 3 }, 40 * SECOND],
  ['and at most an hour', { attempts: 10 }, HOUR],
  ['also after very many tries', { attempts: 5000 }, HOUR],
  ['the moment within it is random', { attempts: 3, random: 0.25 }, 10 * SECOND],
  ['but never at once', { random: 0 }, SECOND],
  ['the wait the LMS asked for is the least', { retryAfterMs: 10 * MINUTE }, 10 * MINUTE],
  ['not the most', { attempts: 10, retryAfterMs: 10 * MINUTE }, HOUR],
  ['after one request too many it does not grow', { attempts: 10, tooMany: true }, 5 * SECOND],
  ['three days and twenty tries are enough', { now: NOW + 3 * DAY, attempts: 19 }, null],
  ['three days with fewer tries are not', { now: NOW + 3 * DAY, attempts: 18 }, HOUR],
  ['many tries in less than three days are not', { now: NOW + 3 * DAY - 1, attempts: 400 }, HOUR],
])('%s', (_, failure, expected) => {
  expect(waitOf(failure)).toBe(expected);
});

test('is always later than now, within an hour or the wait that was asked for', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(fc.nat(2 * DAY)),
      (attempts, random, retryAfterMs) => {
        const wait = waitOf({ attempts, random, retryAfterMs }) ?? 0;
        expect(wait).toBeGreaterThanOrEqual(Math.max(SECOND, retryAfterMs ?? 0));
        expect(wait).toBeLessThanOrEqual(Math.max(HOUR, retryAfterMs ?? 0));
      },
    ),
  );
});
