import { expect, test } from 'vitest';
import { quotaOf } from '../../src/lti/rate-limit.ts';
import { NOW } from '../support/build.ts';

test.each<[string, Record<string, string>, ReturnType<typeof quotaOf>]>([
  ['nothing', {}, null],
  [
    'Brightspace, in credits',
    { 'x-rate-limit-remaining': '49990', 'x-rate-limit-reset': '42', 'x-request-cost': '10' },
    { left: 4999, resetMs: 42_000 },
  ],
  [
    'without a cost',
    { 'x-rate-limit-remaining': '7', 'x-rate-limit-reset': '3' },
    { left: 7, resetMs: 3_000 },
  ],
  ['nothing left', { 'ratelimit-remaining': '0', 'ratelimit-reset': '5' }, { left: 0, resetMs: 5_000 }],
  [
    'a moment in place of a wait',
    { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': String(NOW / 1000 + 30) },
    { left: 9, resetMs: 30_000 },
  ],
  [
    'a moment that is over',
    { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': String(NOW / 1000 - 30) },
    { left: 9, resetMs: 0 },
  ],
  ['Canvas, which says no reset', { 'x-rate-limit-remaining': '699.5', 'x-request-cost': '0.04' }, null],
  ['words', { 'x-rate-limit-remaining': 'many', 'x-rate-limit-reset': 'soon' }, null],
  ['less than nothing', { 'x-rate-limit-remaining': '-1', 'x-rate-limit-reset': '5' }, null],
  ['a year', { 'x-rate-limit-remaining': '1', 'x-rate-limit-reset': '9999999999999' }, null],
])('what is left of a limit: %s', (_, headers, expected) => {
  expect(quotaOf(headers, NOW)).toEqual(expected);
});
