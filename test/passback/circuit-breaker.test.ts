import { expect, test } from 'vitest';
import {
  afterAnswer,
  afterFailure,
  allowance,
  type Circuit,
  CLOSED,
} from '../../src/passback/circuit-breaker.ts';
import { MINUTE, NOW, SECOND } from '../support/build.ts';

function failing(times: number, at = NOW, from: Circuit = CLOSED): Circuit {
  return times === 0 ? from : failing(times - 1, at, afterFailure(from, at));
}

test('four failures in a row change nothing', () => {
  expect(allowance(failing(4), NOW)).toBe('all');
});

test('five failures hold the platform for a minute, then one probe goes', () => {
  const open = failing(5);
  expect(allowance(open, NOW)).toBe('none');
  expect(allowance(open, NOW + MINUTE - 1)).toBe('none');
  expect(allowance(open, NOW + MINUTE)).toBe('probe');
});

test('a probe that fails holds it for another minute', () => {
  const open = failing(1, NOW + MINUTE, failing(5));
  expect(allowance(open, NOW + MINUTE)).toBe('none');
  expect(allowance(open, NOW + 2 * MINUTE)).toBe('probe');
});

test('an answer closes it, and failures are counted from none again', () => {
  expect(afterAnswer()).toEqual({ failures: 0, holdUntil: null });
  expect(allowance(failing(4, NOW, afterAnswer()), NOW)).toBe('all');
});

test('a clock that was set back does not make the wait longer', () => {
  expect(allowance(failing(5), NOW - SECOND)).toBe('probe');
});
