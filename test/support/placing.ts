import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '../../src/catalogue/load-catalogue.ts';
import { placeBy } from '../../src/classify/place-by.ts';
import { typedReport } from '../../src/cli/typed-facts.ts';
import type { CredentialReport } from '../../src/domain/credential.ts';
import type { PlacementReport } from '../../src/domain/placement.ts';

export const CONFIG_DIR = join(import.meta.dirname, '..', '..', 'config');
export const catalogue = loadCatalogue(CONFIG_DIR);
const placeCredential = placeBy({
  rules: catalogue.rules,
  quality: catalogue.quality,
  say: catalogue.messages.say,
});
export const TODAY = '2026-11-23';

type Facts = Readonly<Record<string, unknown>>;

/** Places typed-in facts as of `TODAY`, for nobody in particular. */
export function placeTyped(sectorId: string, facts: Facts, more: Partial<CredentialReport> = {}) {
  return placeCredential({
    sectorId,
    credential: { ...typedReport(facts, 0), ...more },
    expected: null,
    today: TODAY,
    duplicates: null,
  });
}

export { placeCredential };

/** A title with what is right for it. Several placements: each of them is. */
export type Labelled = {
  readonly id: string;
  readonly sector: string;
  readonly facts: Facts;
  readonly expect: {
    readonly placement: readonly PlacementReport['placement'][];
    readonly certification: string | null;
    readonly also: readonly string[];
    readonly needsConfirmation: boolean;
  };
  readonly why: string;
};

/**
 * `tuned`: what the rules were made from. `held-out`: put aside before. `independent`: written from the sector data alone,
 * without sight of the rules that read titles; used for tuning only after its first marks were taken.
 */
export type LabelledPart = 'tuned' | 'held-out' | 'independent';

export function labelled(part: LabelledPart): readonly Labelled[] {
  const file = join(import.meta.dirname, '..', 'classify', 'labelled', `${part}.jsonl`);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Labelled);
}

export type Marked = 'right' | 'overclaim' | 'underclaim' | 'other';

/** An overclaim names a line that is not filled, or calls certain what a person must confirm. */
export function mark({ expect }: Labelled, report: PlacementReport): Marked {
  const claimed = [report.certification, ...report.also].filter((id) => id !== null);
  const right = [expect.certification, ...expect.also].filter((id) => id !== null);
  if (claimed.some((id) => !right.includes(id))) return 'overclaim';
  if (!report.needsConfirmation && expect.needsConfirmation) return 'overclaim';
  if (right.some((id) => !claimed.includes(id))) return 'underclaim';
  const same =
    expect.placement.includes(report.placement) &&
    report.certification === expect.certification &&
    report.needsConfirmation === expect.needsConfirmation;
  return same ? 'right' : 'other';
}
