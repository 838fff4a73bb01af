import { z } from 'zod';
import type { BoardDecision, Rules, Sector, SectorLine } from '../domain/sector.ts';
import type { RuleProblem } from './load-rules.ts';
import { id, words } from './rule-files.ts';

const decision = { who: words, when: z.iso.date(), why: words };
const count = z.number().int().nonnegative();

/**
 * What a board decides on top of the shipped rules, one file a decision round in `overlay.d/`; each entry says who decided
 * it, when and why. The shipped files stay as they are, so an update never overwrites a board's own decisions.
 */
export const overlayFile = z.strictObject({
  /** Lines the ministry approved for the sector, or candidates the board has confirmed against the ministry's list. */
  lines: z
    .array(
      z.strictObject({
        sector: id,
        certification: id,
        role: z.enum(['compulsory', 'elective']),
        ...decision,
      }),
    )
    .default([]),
  /** Lines that are not on the ministry's list after all. */
  notOnList: z.array(z.strictObject({ sector: id, certification: id, ...decision })).default([]),
  /** The sector's numbers, read from the ministry's page. */
  counts: z
    .array(z.strictObject({ sector: id, total: count, compulsory: count, electives: count, ...decision }))
    .default([]),
  /** Courses chosen for a `category` line. */
  courses: z
    .array(
      z.strictObject({
        certification: id,
        title: words,
        issuer: words.nullable().default(null),
        ...decision,
      }),
    )
    .default([]),
  /** Organizations accepted for certifications. */
  issuers: z
    .array(
      z.strictObject({
        id,
        names: z.array(words).min(1),
        hosts: z.array(z.hostname()).default([]),
        certifications: z.array(id).min(1),
        ...decision,
      }),
    )
    .default([]),
  /** Further titles to take as a hint. */
  aliases: z.array(z.strictObject({ certification: id, alias: words, ...decision })).default([]),
});

export type Overlay = { readonly file: string; readonly content: z.infer<typeof overlayFile> };

/** References of the overlays that lead nowhere, and numbers that do not add up. */
export function overlayProblems(rules: Rules, overlays: readonly Overlay[]): readonly RuleProblem[] {
  const sectors = new Set(rules.sectors.map((sector) => sector.id));
  const kinds = new Map(rules.certifications.map(({ id: known, nameType }) => [known, nameType]));
  return overlays.flatMap(({ file, content }) => {
    const problems: RuleProblem[] = [];
    const add = (path: string, problem: string) => problems.push({ file, path, problem });
    const sector = (given: string, path: string) => {
      if (!sectors.has(given)) add(path, `no sector has the id ${given}`);
    };
    const certification = (given: string, path: string) => {
      if (!kinds.has(given)) add(path, `no certification has the id ${given}`);
    };
    for (const list of ['lines', 'notOnList'] as const)
      content[list].forEach((entry, at) => {
        sector(entry.sector, `${list}[${at}].sector`);
        certification(entry.certification, `${list}[${at}].certification`);
      });
    content.counts.forEach((entry, at) => {
      sector(entry.sector, `counts[${at}].sector`);
      if (entry.compulsory + entry.electives !== entry.total)
        add(`counts[${at}].total`, `is ${entry.total}, but ${entry.compulsory} + ${entry.electives} is not`);
    });
    content.courses.forEach((entry, at) => {
      certification(entry.certification, `courses[${at}].certification`);
      if (kinds.get(entry.certification) === 'named')
        add(
          `courses[${at}].certification`,
          `${entry.certification} is a named certification: no course is chosen for it`,
        );
    });
    content.issuers.forEach((entry, at) => {
      entry.certifications.forEach((given, n) => {
        certification(given, `issuers[${at}].certifications[${n}]`);
      });
    });
    content.aliases.forEach((entry, at) => {
      certification(entry.certification, `aliases[${at}].certification`);
    });
    return problems;
  });
}

/** The shipped rules with what the board decided; later files win. */
export function withOverlays(rules: Rules, overlays: readonly Overlay[]): Rules {
  return overlays.reduce((before, { content }) => withOverlay(before, content), rules);
}

function withOverlay(rules: Rules, overlay: Overlay['content']): Rules {
  return {
    ...rules,
    sectors: rules.sectors.map((sector) => withSector(sector, overlay)),
    certifications: rules.certifications.map((certification) => ({
      ...certification,
      aliases: [
        ...certification.aliases,
        ...overlay.aliases
          .filter((entry) => entry.certification === certification.id)
          .map((entry) => entry.alias),
      ],
    })),
    // A board's own entry is found before a shipped one of the same name.
    issuers: [
      ...overlay.issuers.map((entry) => ({
        id: entry.id,
        names: entry.names,
        hosts: entry.hosts,
        certificationIds: entry.certifications,
        status: 'sourced' as const,
      })),
      ...rules.issuers,
    ],
    approvedCourses: [
      ...rules.approvedCourses,
      ...overlay.courses.map((entry) => ({
        certificationId: entry.certification,
        title: entry.title,
        issuer: entry.issuer,
        decided: decided(entry),
      })),
    ],
  };
}

function withSector(sector: Sector, overlay: Overlay['content']): Sector {
  const added = overlay.lines.filter((entry) => entry.sector === sector.id);
  const gone = overlay.notOnList.filter((entry) => entry.sector === sector.id);
  const counts = overlay.counts.findLast((entry) => entry.sector === sector.id);
  const replaced = new Set([...added, ...gone].map((entry) => entry.certification));
  const lines: SectorLine[] = [
    ...added.map((entry) => ({
      certificationId: entry.certification,
      status: 'sourced' as const,
      countsAlone: true,
      role: entry.role,
      layer: 'board' as const,
      evidence: 'board',
      sourceIds: [],
      decided: decided(entry),
    })),
    ...sector.lines.filter((line) => !replaced.has(line.certificationId)),
  ];
  const numbers =
    counts === undefined
      ? {}
      : {
          total: counts.total,
          compulsoryCount: counts.compulsory,
          electivesToChoose: counts.electives,
          compulsoryListComplete:
            lines.filter((line) => line.role === 'compulsory').length === counts.compulsory,
        };
  return { ...sector, ...numbers, lines };
}

function decided({ who, when, why }: BoardDecision): BoardDecision {
  return { who, when, why };
}
