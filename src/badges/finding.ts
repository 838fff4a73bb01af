import type { CheckResult, CredentialCheck } from '../domain/credential.ts';
import type { Locale, Say } from '../domain/local-text.ts';
import type { FetchProblem } from './safe-fetch.ts';

/** What a check looked at; the order is the order on screen. */
const CHECK_IDS = [
  'format',
  'baking',
  'address',
  'hosting',
  'copy',
  'signature',
  'claims',
  'issuer',
  'revocation',
  'expiry',
  'recipient',
  'source',
] as const;
type CheckId = (typeof CHECK_IDS)[number];

/** Why something could not be looked up: a rule of the guard, a status, or an answer that is not what it should be. */
export type Why = FetchProblem | 'status' | 'not-json' | 'elsewhere' | 'budget';

/** One thing that was looked at. The words are `checks.<key>`, `key` starting with the id of the check. */
export type Finding = {
  readonly id: CheckId;
  readonly result: CheckResult;
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly why?: Why;
};

export const pass = (key: `${CheckId}.${string}`, params?: Finding['params']): Finding =>
  finding('pass', key, params);
export const fail = (key: `${CheckId}.${string}`, params?: Finding['params']): Finding =>
  finding('fail', key, params);
export const unknown = (key: `${CheckId}.${string}`, params?: Finding['params'], why?: Why): Finding => ({
  ...finding('unknown', key, params),
  ...(why === undefined ? {} : { why }),
});

function finding(result: CheckResult, key: string, params: Finding['params']): Finding {
  const id = CHECK_IDS.find((known) => key.startsWith(`${known}.`)) ?? 'format';
  return { id, result, key, ...(params === undefined ? {} : { params }) };
}

/** Findings as the report keeps them: in both languages, in the order of `CHECK_IDS`, the same sentence once. */
export function toChecks(findings: readonly Finding[], say: Say): CredentialCheck[] {
  const seen = new Set<string>();
  return findings
    .map((found) => ({
      id: found.id,
      result: found.result,
      detail: words(found, say, 'en'),
      detailFr: words(found, say, 'fr'),
    }))
    .filter((check) => {
      const isNew = !seen.has(`${check.id} ${check.detail}`);
      seen.add(`${check.id} ${check.detail}`);
      return isNew;
    })
    .toSorted((a, b) => CHECK_IDS.indexOf(a.id) - CHECK_IDS.indexOf(b.id));
}

function words(found: Finding, say: Say, locale: Locale): string {
  const why = found.why === undefined ? {} : { why: say(locale, `checks.why.${found.why}`) };
  return say(locale, `checks.${found.key}`, { ...found.params, ...why });
}
