import { type Finding, fail, pass, unknown } from './finding.ts';
import type { KeySearch } from './issuer-key.ts';
import type { Answers } from './verdict.ts';

/** Whether a credential is unchanged, and who signed it. */
export type ProofJudgement = {
  readonly intact: Answers['intact'];
  readonly issuer: Answers['issuer'];
  readonly findings: readonly Finding[];
};

/** What a key that cannot be used means for the credential. */
export function judgeKeyProblem(search: Exclude<KeySearch, { kind: 'found' }>): ProofJudgement {
  switch (search.kind) {
    case 'disowned':
      return { intact: 'unknown', issuer: 'contradicted', findings: [fail('issuer.key-not-listed')] };
    case 'malformed':
      return { intact: 'no', issuer: 'unknown', findings: [fail('signature.key-broken')] };
    case 'unsupported':
      return {
        intact: 'unknown',
        issuer: 'unknown',
        findings: [unknown('signature.unsupported', { method: search.method })],
      };
    case 'unreachable':
      return {
        intact: 'unknown',
        issuer: 'unknown',
        findings: [unknown('signature.key-unreachable', { host: search.host }, search.why)],
      };
  }
}

export function judgeGoodSignature(issuer: 'proven' | 'unproven', host: string): ProofJudgement {
  const who = issuer === 'proven' ? pass('issuer.lists-key', { host }) : unknown('issuer.unproven');
  return { intact: 'yes', issuer, findings: [pass('signature.ok'), who] };
}

export const BAD_SIGNATURE: ProofJudgement = {
  intact: 'no',
  issuer: 'unknown',
  findings: [fail('signature.bad')],
};
