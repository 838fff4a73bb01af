import type { CheckResult, CredentialFacts, Outcome } from '../domain/credential.ts';
import type { Day } from '../domain/instant.ts';
import type { PlacementCheck } from '../domain/placement.ts';
import { sameName } from '../domain/same-name.ts';
import type { Certification } from '../domain/sector.ts';
import { assessment } from './assessment.ts';
import { issuerCheck } from './known-issuer.ts';
import type { PlaceQuestion } from './place.ts';
import { rulesIndex } from './rules-index.ts';

/** `key` names the words `placement-checks.<id>.<key>`; `params` fill them. */
export type CheckAnswer = {
  readonly result: CheckResult;
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
};

/** What a teacher would look at before accepting, each answered pass, fail or unknown. They never change the line. */
export function placementChecks(
  question: PlaceQuestion,
  certificationId: string | null,
): readonly PlacementCheck[] {
  const { rules, say, credential, today } = question;
  const facts = credential.credential;
  const certification = rulesIndex(rules).certifications.get(certificationId ?? '') ?? null;
  const answers: readonly (readonly [id: string, answer: CheckAnswer])[] = [
    ['verified', verified(credential.outcome)],
    ['recipient', recipient(facts, question)],
    ['issuer', issuerCheck(rules, facts.issuer, certification)],
    ['assessed', assessed(facts)],
    ['hours', hours(facts, certification)],
    ['dates', dates(facts, today)],
    ['expiry', expiry(facts, credential.outcome, certification, question)],
    ['duplicate', duplicate(question)],
    ['earned-before', earnedBefore(facts, question.startedOn ?? null)],
  ];
  return answers.map(([id, { result, key, params }]) => ({
    id,
    result,
    en: say('en', `placement-checks.${id}.${key}`, params),
    fr: say('fr', `placement-checks.${id}.${key}`, params),
  }));
}

function verified(outcome: Outcome): CheckAnswer {
  if (outcome === 'verified' || outcome === 'expired') return { result: 'pass', key: 'pass' };
  const unknown: ReadonlySet<Outcome> = new Set(['issuer-unproven', 'could-not-check', 'self-reported']);
  return unknown.has(outcome)
    ? { result: 'unknown', key: outcome }
    : { result: 'fail', key: outcome === 'revoked' || outcome === 'not-yet-valid' ? outcome : 'fail' };
}

function recipient(facts: CredentialFacts, question: PlaceQuestion): CheckAnswer {
  const { matches, name } = facts.recipient;
  if (matches !== null) return matches ? { result: 'pass', key: 'pass' } : { result: 'fail', key: 'fail' };
  const expected = question.expected?.name ?? null;
  if (name === null || expected === null) return { result: 'unknown', key: 'unknown' };
  const likeness = sameName(name, expected);
  if (likeness === 'same') return { result: 'pass', key: 'similar' };
  return likeness === 'unsure' ? { result: 'unknown', key: 'unsure' } : { result: 'fail', key: 'fail' };
}

function assessed(facts: CredentialFacts): CheckAnswer {
  const key = ({ assessed: 'pass', attended: 'fail', 'not-stated': 'unknown' } as const)[assessment(facts)];
  return { result: key, key };
}

function hours(facts: CredentialFacts, certification: Certification | null): CheckAnswer {
  const least = certification?.minHours ?? null;
  if (least === null) return { result: 'unknown', key: 'no-rule' };
  if (facts.hours === null) return { result: 'unknown', key: 'unknown', params: { least } };
  return facts.hours >= least
    ? { result: 'pass', key: 'pass', params: { hours: facts.hours, least } }
    : { result: 'fail', key: 'fail', params: { hours: facts.hours, least } };
}

function dates({ issuedOn, expiresOn }: CredentialFacts, today: Day): CheckAnswer {
  if (issuedOn !== null && issuedOn > today)
    return { result: 'fail', key: 'future', params: { day: issuedOn } };
  if (issuedOn !== null && expiresOn !== null && expiresOn < issuedOn)
    return { result: 'fail', key: 'order', params: { day: issuedOn, end: expiresOn } };
  return issuedOn === null
    ? { result: 'unknown', key: 'unknown' }
    : { result: 'pass', key: 'pass', params: { day: issuedOn } };
}

/** No SHSM rule on expiry was found: the check warns, and the line stays. */
function expiry(
  { issuedOn, expiresOn }: CredentialFacts,
  outcome: Outcome,
  certification: Certification | null,
  { today, graduatesOn = null }: PlaceQuestion,
): CheckAnswer {
  if (expiresOn !== null) {
    const params = { end: expiresOn };
    if (expiresOn < today) return { result: 'fail', key: 'fail', params };
    if (graduatesOn !== null && expiresOn < graduatesOn)
      return { result: 'fail', key: 'before-graduation', params };
    return { result: 'pass', key: 'pass', params };
  }
  if (outcome === 'expired') return { result: 'fail', key: 'expired' };
  const months = certification?.validityMonths ?? null;
  if (months === null || issuedOn === null) return { result: 'unknown', key: 'unknown' };
  const end = addMonths(issuedOn, months);
  const params = { end, months };
  if (end < today) return { result: 'fail', key: 'usual-over', params };
  return graduatesOn !== null && end < graduatesOn
    ? { result: 'unknown', key: 'usual-before-graduation', params }
    : { result: 'pass', key: 'usual', params };
}

function duplicate({ duplicates }: PlaceQuestion): CheckAnswer {
  if (duplicates === null) return { result: 'unknown', key: 'unknown' };
  if (duplicates.others > 0) return { result: 'fail', key: 'others' };
  return duplicates.own > 0 ? { result: 'fail', key: 'own' } : { result: 'pass', key: 'pass' };
}

function earnedBefore({ issuedOn }: CredentialFacts, startedOn: Day | null): CheckAnswer {
  if (issuedOn === null || startedOn === null) return { result: 'unknown', key: 'unknown' };
  return issuedOn < startedOn
    ? { result: 'unknown', key: 'before', params: { day: issuedOn } }
    : { result: 'pass', key: 'pass' };
}

/** The same day of a later month, or the last day of that month. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDay))).toISOString().slice(0, 10);
}
