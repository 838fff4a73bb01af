import type { Rules, Sector, SectorLine } from '../domain/sector.ts';

/** One difference between two sets of rules. `where`: a sector or a certification; `before`/`after` null: not there. */
export type RuleChange = {
  readonly where: string;
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** What changed from one year's rules to the next, or by a board's overlay; of lists, what came and what went. */
export function diffRules(before: Rules, after: Rules): readonly RuleChange[] {
  return [
    ...paired(before.sectors, after.sectors, (sector) => sector.id).flatMap(([id, old, now]) =>
      diffSector(id, old, now),
    ),
    ...paired(before.certifications, after.certifications, (known) => known.id).flatMap(([id, old, now]) => {
      if (old === null || now === null) return [change(id, 'certification', old?.name.en, now?.name.en)];
      return [
        change(id, 'name', old.name.en, now.name.en),
        change(id, 'French name', old.name.fr, now.name.fr),
        change(id, 'kind of name', old.nameType, now.nameType),
        ...cameAndWent(id, 'title', titles(old), titles(now)),
        change(id, 'months of validity', old.validityMonths, now.validityMonths),
        change(id, 'minimum hours', old.minHours, now.minHours),
      ];
    }),
    ...cameAndWent(
      'courses',
      'course',
      before.approvedCourses.map(course),
      after.approvedCourses.map(course),
    ),
    ...cameAndWent('issuers', 'issuer', before.issuers.flatMap(issuer), after.issuers.flatMap(issuer)),
    ...cameAndWent(
      'equivalences',
      'equivalence',
      before.equivalences.map(idOf),
      after.equivalences.map(idOf),
    ),
    ...cameAndWent('title words', 'word', words(before.titleWords), words(after.titleWords)),
  ].filter((found) => found.before !== found.after);
}

function diffSector(id: string, old: Sector | null, now: Sector | null): readonly RuleChange[] {
  if (old === null || now === null) return [change(id, 'sector', old?.name.en, now?.name.en)];
  return [
    change(id, 'total', old.total, now.total),
    change(id, 'compulsory', old.compulsoryCount, now.compulsoryCount),
    change(id, 'electives to choose', old.electivesToChoose, now.electivesToChoose),
    ...paired(old.lines, now.lines, (line) => line.certificationId).map(([line, was, is]) =>
      change(id, line, describe(was), describe(is)),
    ),
  ];
}

function describe(line: SectorLine | null): string | null {
  return line === null ? null : `${line.role}, ${line.layer}, ${line.countsAlone ? 'counts' : 'ask'}`;
}

function titles({ titles: own, aliases, weak }: Rules['certifications'][number]): readonly string[] {
  return [...own, ...aliases.map((alias) => `${alias} (hint)`), ...weak.map((word) => `${word} (weak hint)`)];
}

function course({ certificationId, title, issuer: by }: Rules['approvedCourses'][number]): string {
  return `${certificationId}: ${title}${by === null ? '' : ` (${by})`}`;
}

function issuer({ id, names, hosts, certificationIds }: Rules['issuers'][number]): readonly string[] {
  return [...names, ...hosts, ...certificationIds].map((part) => `${id}: ${part}`);
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

function words(titleWords: Rules['titleWords']): readonly string[] {
  const { qualifiers, ...lists } = titleWords;
  return [
    ...Object.entries(lists).flatMap(([list, all]) => all.map((word) => `${list}: ${word}`)),
    ...qualifiers.flatMap(({ id, words: all }) => all.map((word) => `${id}: ${word}`)),
  ];
}

function cameAndWent(
  where: string,
  what: string,
  before: readonly string[],
  after: readonly string[],
): readonly RuleChange[] {
  const [olds, news] = [new Set(before), new Set(after)];
  return [
    ...[...olds].filter((gone) => !news.has(gone)).map((gone) => change(where, what, gone, null)),
    ...[...news].filter((added) => !olds.has(added)).map((added) => change(where, what, null, added)),
  ];
}

function change(
  where: string,
  what: string,
  before: string | number | null | undefined,
  after: string | number | null | undefined,
): RuleChange {
  const text = (value: string | number | null | undefined) => (value == null ? null : String(value));
  return { where, what, before: text(before), after: text(after) };
}

function paired<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [key: string, before: T | null, after: T | null])[] {
  const olds = new Map(before.map((item) => [keyOf(item), item]));
  const news = new Map(after.map((item) => [keyOf(item), item]));
  return [...new Set([...olds.keys(), ...news.keys()])].map((key) => [
    key,
    olds.get(key) ?? null,
    news.get(key) ?? null,
  ]);
}
