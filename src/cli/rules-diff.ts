import { diffRules } from '../catalogue/diff-rules.ts';
import { loadRules } from '../catalogue/load-rules.ts';
import type { Config } from '../config.ts';
import type { Answer } from './command.ts';

/** What this installation's rules say other than those of another configuration folder (last year's, or the shipped one). */
export async function rulesDiff(config: Config, otherDir: string): Promise<Answer> {
  const [other, own] = [loadRules(otherDir), loadRules(config.configDir)];
  if (!other.ok || !own.ok) {
    const [folder, bad] = other.ok ? [config.configDir, own] : [otherDir, other];
    const problems = bad.ok ? [] : bad.problems;
    return {
      code: 2,
      data: { problems },
      text: `the rules in ${folder} have ${problems.length} mistakes; see shsm-badges rules check`,
    };
  }
  const changes = diffRules(other.rules, own.rules);
  const versions = { from: other.rules.version, to: own.rules.version };
  return {
    code: 0,
    data: { ...versions, changes },
    text: [
      `${versions.from} → ${versions.to}: ${changes.length} changes`,
      ...changes.map(
        ({ where, what, before, after }) => `${where}  ${what}: ${before ?? '—'} → ${after ?? '—'}`,
      ),
    ].join('\n'),
  };
}
