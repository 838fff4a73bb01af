import { describe, expect, test } from 'vitest';
import { scoreAnswer } from '../../src/lti/score-answer.ts';
import type { ServiceResponse } from '../../src/lti/service-http.ts';
import { DAY, MINUTE, NOW, SECOND } from '../support/build.ts';

const answered = (status: number, body = '', headers: Record<string, string> = {}): ServiceResponse => ({
  kind: 'response',
  status,
  body,
  headers,
});
const SENT = NOW - 10 * SECOND;
const LATER = new Date(NOW - 2 * SECOND).toISOString();

/** Kind, words and what to wait for, in short. */
function shortly(answer: ReturnType<typeof scoreAnswer>): string {
  switch (answer.kind) {
    case 'delivered':
    case 'column-gone':
      return answer.kind;
    case 'park':
      return `park ${answer.error.key}`;
    case 'retry':
      return `retry ${answer.error.key} ${answer.retryAfterMs ?? '-'}`;
    case 'stale':
      return `stale after ${answer.after - SENT}`;
  }
}

describe('what an answer to a score means', () => {
  const cases: readonly [string, ServiceResponse, string][] = [
    ['200', answered(200), 'delivered'],
    ['201', answered(201), 'delivered'],
    ['204', answered(204), 'delivered'],
    ['200 with an answer', answered(200, '{"resultUrl":"x"}', { 'content-type': 'text/html' }), 'delivered'],
    [
      '200 with a page in place of an answer',
      answered(200, '\n<!DOCTYPE html><title>Back soon</title>'),
      'retry lms-unavailable -',
    ],
    [
      'Canvas 400, a later timestamp is known',
      answered(
        400,
        `{"errors":{"message":"Provided timestamp of ${new Date(SENT).toISOString()} before last updated timestamp of ${LATER}"}}`,
      ),
      'stale after 8000',
    ],
    [
      'a known timestamp of next year is not waited for',
      answered(400, `timestamp before last updated timestamp of ${new Date(NOW + 2 * DAY).toISOString()}`),
      'stale after 0',
    ],
    ['Blackboard 400, no such user', answered(400, 'User could not be found'), 'park unknown-student'],
    ['Moodle 400', answered(400, '{"status":400,"reason":"Bad Request"}'), 'park score-refused'],
    ['401 with a new token', answered(401), 'retry token-refused -'],
    ['Canvas 403, throttled', answered(403, '403 Forbidden (Rate Limit Exceeded)'), 'retry lms-busy -'],
    [
      'Brightspace 403, not in the course',
      answered(403, 'User in requested score is not enrolled in the org unit'),
      'park not-enrolled',
    ],
    ['Moodle 403, no such column', answered(403, 'Line item does not exist.'), 'column-gone'],
    ['403 without a reason', answered(403), 'park service-not-allowed'],
    [
      'Brightspace 404, no such user',
      answered(404, 'User in requested score does not exist'),
      'park unknown-student',
    ],
    ['404', answered(404, 'Not Found'), 'column-gone'],
    ['410', answered(410), 'column-gone'],
    [
      'Moodle 409, not newer by a second',
      answered(409, 'Refusing score with an earlier timestamp'),
      'stale after 0',
    ],
    ['408', answered(408), 'retry lms-unavailable -'],
    ['412', answered(412), 'park score-refused'],
    ['Brightspace 422, the role gets no grades', answered(422), 'park not-gradeable'],
    [
      'Canvas 422, not in the course',
      answered(422, 'User not found in course or is not a student'),
      'park not-enrolled',
    ],
    [
      'Canvas 422, no attempt left',
      answered(422, 'The maximum number of allowed attempts'),
      'park score-refused',
    ],
    ['429 with seconds', answered(429, '', { 'retry-after': '30' }), 'retry lms-busy 30000'],
    [
      '429 with a date',
      answered(429, '', { 'retry-after': new Date(NOW + MINUTE).toUTCString() }),
      'retry lms-busy 60000',
    ],
    [
      '429 with a date that has passed',
      answered(429, '', { 'retry-after': new Date(0).toUTCString() }),
      'retry lms-busy 0',
    ],
    ['429 with nonsense', answered(429, '', { 'retry-after': 'soon' }), 'retry lms-busy -'],
    ['429 with a year', answered(429, '', { 'retry-after': '31536000' }), `retry lms-busy ${DAY}`],
    ['500', answered(500), 'retry lms-unavailable -'],
    ['503 with seconds', answered(503, '', { 'retry-after': '120' }), 'retry lms-unavailable 120000'],
    ['a redirect to a page', answered(302, '', { location: '/maintenance' }), 'retry lms-unavailable -'],
    ['405', answered(405), 'park score-refused'],
  ];
  test.each(cases)('%s', (_, answer, expected) => {
    expect(shortly(scoreAnswer(answer, SENT, NOW))).toBe(expected);
  });

  test('no answer is tried again, an address that is not allowed is not', () => {
    expect(scoreAnswer({ kind: 'failure', reason: 'timeout', code: 'total-time' }, SENT, NOW)).toEqual({
      kind: 'retry',
      error: { key: 'lms-unavailable', status: null, excerpt: 'timeout: total-time' },
      retryAfterMs: null,
    });
    expect(
      scoreAnswer({ kind: 'failure', reason: 'address', code: 'address-not-allowed' }, SENT, NOW),
    ).toEqual({
      kind: 'park',
      error: { key: 'address-refused', status: null, excerpt: 'address-not-allowed' },
    });
  });

  test('the excerpt is short and holds no markup, token or e-mail address', () => {
    const token = `${'a'.repeat(40)}.${'b'.repeat(40)}.${'c'.repeat(40)}`;
    const page = `<html><b>Sorry</b>\n\u0000 student@example.test  Bearer ${token} ${'x '.repeat(400)}</html>`;
    const answer = scoreAnswer(answered(400, page), SENT, NOW);
    expect(answer.kind === 'park' && answer.error.excerpt.slice(0, 40)).toBe(
      'Sorry [address] Bearer [token] x x x x x',
    );
    expect(answer.kind === 'park' && answer.error.excerpt.length).toBe(300);
  });
});
