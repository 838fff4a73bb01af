import { diffRules, type RuleChange } from '../catalogue/diff-rules.ts';
import { loadMessages } from '../catalogue/load-messages.ts';
import { type LoadedRules, loadRules } from '../catalogue/load-rules.ts';
import { placeBy } from '../classify/place-by.ts';
import type { Config } from '../config.ts';
import { openStore } from '../open-store.ts';
import { type PlacedOtherwise, placedOtherwise } from '../services/placed-otherwise.ts';
import type { Answer } from './command.ts';

/**
 * What one configuration folder's rules say other than another's (this year's and last year's, or the shipped one and a
 * board's), and which waiting submissions they place differently. Nothing is changed; what was accepted stays accepted.
 */
export async function rulesDiff(config: Config, oldDir: string, newDir: string | undefined): Promise<Answer> {
  const folders = [oldDir, newDir ?? config.configDir] as const;
  const [before, after] = [loadRules(folders[0]), loadRules(folders[1])];
  if (!before.ok) return unusable(folders[0], before.problems.length);
  if (!after.ok) return unusable(folders[1], after.problems.length);
  const changes = diffRules(before.rules, after.rules);
  const waiting = await placedDifferently(config, before, after);
  const versions = { from: before.rules.version, to: after.rules.version };
  return { code: 0, data: { ...versions, changes, waiting }, text: describe(versions, changes, waiting) };
}

type Usable = Extract<LoadedRules, { ok: true }>;

async function placedDifferently(
  config: Config,
  before: Usable,
  after: Usable,
): Promise<readonly PlacedOtherwise[]> {
  const { say } = loadMessages(config.configDir);
  const store = await openStore(config.database);
  try {
    return await placedOtherwise(
      { store, now: Date.now },
      { before: placeBy({ ...before, say }), after: placeBy({ ...after, say }) },
    );
  } finally {
    await store.close();
  }
}

function unusable(folder: string, mistakes: number): Answer {
  const text = `the rules in ${folder} have ${mistakes} mistakes; see shsm-badges rules check`;
  return { code: 2, data: { problems: [text] }, text };
}

function describe(
  versions: { readonly from: string; readonly to: string },
  changes: readonly RuleChange[],
  waiting: readonly PlacedOtherwise[],
): string {
  const place = ({ placement, certification, also }: PlacedOtherwise['before']) =>
    [placement, certification, ...also].filter((part) => part !== null).join(' ');
  return [
    `${versions.from} → ${versions.to}: ${changes.length} changes`,
    ...changes.map(
      ({ where, what, before, after }) => `${where}  ${what}: ${before ?? '—'} → ${after ?? '—'}`,
    ),
    `${waiting.length} waiting submissions would be placed differently`,
    ...waiting.map(
      ({ submission, sector, before, after }) =>
        `${submission}  ${sector}: ${place(before)} → ${place(after)}`,
    ),
  ].join('\n');
}
