import type {
  Certification,
  Equivalence,
  OtherCredential,
  RuleSource,
  Rules,
  Sector,
  SectorLine,
} from '../domain/sector.ts';

/** The rules by id, so that a placement takes no longer when the lists grow; built once for a set of rules. */
export type RulesIndex = {
  readonly sectors: ReadonlyMap<string, Sector>;
  readonly certifications: ReadonlyMap<string, Certification>;
  readonly equivalences: ReadonlyMap<string, Equivalence>;
  /** Equivalences by each certification of those that one course fills together. */
  readonly together: ReadonlyMap<string, readonly Equivalence[]>;
  readonly others: ReadonlyMap<string, OtherCredential>;
  readonly sources: ReadonlyMap<string, RuleSource>;
  readonly lineOf: (sector: Sector, certificationId: string) => SectorLine | undefined;
};

const built = new WeakMap<Rules, RulesIndex>();

export function rulesIndex(rules: Rules): RulesIndex {
  const known = built.get(rules);
  if (known !== undefined) return known;
  const index = buildIndex(rules);
  built.set(rules, index);
  return index;
}

function buildIndex(rules: Rules): RulesIndex {
  const lines = new Map(
    rules.sectors.map((sector) => [
      sector.id,
      new Map(sector.lines.toReversed().map((line) => [line.certificationId, line])),
    ]),
  );
  const together = new Map<string, Equivalence[]>();
  for (const equivalence of rules.equivalences)
    if (equivalence.satisfies.length > 1)
      for (const id of equivalence.satisfies) together.set(id, [...(together.get(id) ?? []), equivalence]);
  return {
    sectors: byId(rules.sectors),
    certifications: byId(rules.certifications),
    equivalences: byId(rules.equivalences),
    together,
    others: byId(rules.others),
    sources: byId(rules.sources),
    lineOf: (sector, certificationId) => lines.get(sector.id)?.get(certificationId),
  };
}

function byId<T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.id, one]));
}
