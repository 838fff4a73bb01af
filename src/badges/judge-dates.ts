import type { Stated } from './date-time.ts';
import { type Finding, fail, pass } from './finding.ts';
import type { Answers } from './verdict.ts';

/** Whether a badge is in force now. A day without a time counts until its last moment. */
export function judgeDates(
  from: Stated | null,
  until: Stated | null,
  now: number,
): { readonly state: Answers['dates']; readonly finding: Finding } {
  if (until !== null && until.until < now)
    return { state: 'expired', finding: fail('expiry.expired', { day: until.day }) };
  if (from !== null && from.from > now)
    return { state: 'not-yet-valid', finding: fail('expiry.not-yet', { day: from.day }) };
  return {
    state: 'in-force',
    finding: until === null ? pass('expiry.no-end') : pass('expiry.in-force', { day: until.day }),
  };
}
