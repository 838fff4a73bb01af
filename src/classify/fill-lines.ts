import type { Certification, Equivalence, Rules, Sector, SectorLine } from '../domain/sector.ts';
import type { TitleReading } from './read-title.ts';
import { rulesIndex } from './rules-index.ts';
import type { NamedHere } from './title-certifications.ts';

/** A line of the sector's list that a title may fill. */
export type FilledLine = {
  readonly line: SectorLine;
  readonly certification: Certification;
  readonly named: NamedHere;
};

export type FilledLines = {
  readonly main: FilledLine;
  /** Lines that the same course fills beyond doubt, by `equivalence`. */
  readonly also: readonly FilledLine[];
  readonly equivalence: Equivalence | null;
  /** Lines that it may fill instead, or besides: a person decides. */
  readonly further: readonly FilledLine[];
};

/** Which lines of a sector the certifications of a title are, the likeliest first; null when they are none. */
export function fillLines(rules: Rules, sector: Sector, reading: TitleReading): FilledLines | null {
  const index = rulesIndex(rules);
  const found = new Map<string, FilledLine>();
  for (const named of reading.certifications) {
    const line = index.lineOf(sector, named.certificationId);
    const certification = index.certifications.get(named.certificationId);
    if (line === undefined || certification === undefined) continue;
    const filled = { line, certification, named };
    const before = found.get(certification.id);
    if (before === undefined || weight(filled) > weight(before)) found.set(certification.id, filled);
  }
  const [best, ...rest] = [...found.values()].toSorted((a, b) => weight(b) - weight(a));
  if (best === undefined || isLostAmong(best, rules, reading)) return null;

  const together = (index.together.get(best.certification.id) ?? []).find(
    (equivalence) =>
      equivalence.satisfies.every((id) => found.has(id)) &&
      equivalence.stated.every((id) => isStated(found.get(id))),
  );
  if (together === undefined) return { main: best, also: [], equivalence: null, further: rest };
  const [main, ...also] = together.satisfies.flatMap((id) => found.get(id) ?? []);
  if (main === undefined) return null;
  return {
    main,
    also,
    equivalence: together,
    further: [...found.values()].filter((filled) => filled !== main && !also.includes(filled)),
  };
}

/** `First Aid` says little beside another course (`Babysitting & First Aid`), but something beside CPR Level C. */
function isLostAmong({ named, certification }: FilledLine, rules: Rules, reading: TitleReading): boolean {
  if (named.strength !== 'weak') return false;
  const together = rulesIndex(rules).together.get(certification.id) ?? [];
  return reading.certifications.some(
    (other) =>
      other.strength !== 'weak' &&
      other.start !== named.start &&
      !together.some(({ satisfies }) => satisfies.includes(other.certificationId)),
  );
}

function isStated(filled: FilledLine | undefined): boolean {
  return filled !== undefined && filled.named.strength !== 'weak';
}

/** What a word beside it says it is, where a source lists that; then exact before guessed, narrow before wide, listed before recalled, long before short, early before late. */
function weight({ line, certification, named }: FilledLine): number {
  const strength = { title: 60, inference: 50, alias: 40, weak: 10 }[named.strength];
  return (
    strength +
    (named.first && line.layer !== 'candidate' ? 100 : 0) -
    (certification.broad ? 30 : 0) +
    (certification.nameType === 'named' ? 10 : 0) +
    (line.layer === 'candidate' ? 0 : 5) +
    Math.min(named.words, 4) -
    Math.min(named.start, 50) / 100
  );
}
