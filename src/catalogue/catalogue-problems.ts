import { basename } from 'node:path';
import type { z } from 'zod';
import type { RuleProblem } from './load-rules.ts';
import type * as files from './rule-files.ts';

export type CataloguePieces = {
  readonly sectors: readonly { readonly file: string; readonly sector: files.SectorFile }[];
  readonly certifications: z.infer<typeof files.certificationsFile>;
  readonly equivalences: z.infer<typeof files.equivalencesFile>;
  readonly issuers: z.infer<typeof files.issuersFile>;
  readonly titleWords: z.infer<typeof files.titleWordsFile>;
  readonly sourceIds: ReadonlySet<string>;
};

/** What no single file can see: references that lead nowhere, numbers that do not add up, titles claimed twice. */
export function catalogueProblems(pieces: CataloguePieces): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const add = (file: string, path: string, problem: string) => problems.push({ file, path, problem });
  const known = new Set(pieces.certifications.map((certification) => certification.id));
  const otherIds = new Set(pieces.equivalences.others.map((other) => other.id));

  const knows = (id: string, file: string, path: string) => {
    if (!known.has(id)) add(file, path, `no certification has the id ${id}`);
  };
  const cites = (ids: readonly string[], file: string, path: string) => {
    ids.forEach((id, at) => {
      if (!pieces.sourceIds.has(id)) add(file, `${path}[${at}]`, `no source has the id ${id}`);
    });
  };

  repeated(pieces.certifications.map((certification) => certification.id)).forEach((id) => {
    add('certifications.json', '', `the id ${id} is used twice`);
  });
  pieces.certifications.forEach((certification, at) => {
    cites(certification.sourceIds, 'certifications.json', `[${at}].sourceIds`);
  });
  problems.push(...sharedTitles(pieces));

  for (const { file, sector } of pieces.sectors) {
    if (basename(file, '.json') !== sector.id)
      add(file, 'id', `is ${sector.id}, unlike the name of its file`);
    const lists = [
      ['certifications.compulsory', sector.certifications.compulsory],
      ['certifications.electives.of', sector.certifications.electives.of],
      ['candidates.compulsory', sector.candidates.compulsory],
      ['candidates.electives', sector.candidates.electives],
    ] as const;
    for (const [path, lines] of lists) {
      lines.forEach((line, at) => {
        knows(line.id, file, `${path}[${at}].id`);
        cites(line.sourceIds, file, `${path}[${at}].sourceIds`);
        if (path.startsWith('candidates') && line.countsAlone)
          add(file, `${path}[${at}].countsAlone`, 'a candidate never counts alone');
        if (line.countsAlone && line.status !== 'sourced')
          add(file, `${path}[${at}].countsAlone`, 'only a sourced line counts alone');
      });
      repeated(lines.map((line) => line.id)).forEach((id) => {
        add(file, path, `${id} is listed twice`);
      });
    }
    problems.push(...wrongCounts(file, sector));
  }

  const { others, equivalences } = pieces.equivalences;
  others.forEach((other, at) => {
    other.notEquivalentTo.forEach((id, n) => {
      if (!otherIds.has(id)) knows(id, 'equivalences.json', `others[${at}].notEquivalentTo[${n}]`);
    });
  });
  equivalences.forEach((equivalence, at) => {
    equivalence.satisfies.forEach((id, n) => {
      knows(id, 'equivalences.json', `equivalences[${at}].satisfies[${n}]`);
    });
  });
  pieces.issuers.forEach((issuer, at) => {
    issuer.certificationIds.forEach((id, n) => {
      knows(id, 'issuers.json', `[${at}].certificationIds[${n}]`);
    });
  });
  pieces.titleWords.qualifiers.forEach((qualifier, at) => {
    if (qualifier.names !== null) knows(qualifier.names, 'title-words.json', `qualifiers[${at}].names`);
    qualifier.certifications.forEach((id, n) => {
      knows(id, 'title-words.json', `qualifiers[${at}].certifications[${n}]`);
    });
  });
  return problems;
}

function wrongCounts(file: string, sector: files.SectorFile): readonly RuleProblem[] {
  const { total, compulsoryCount, compulsory, compulsoryListComplete, electives } = sector.certifications;
  const problems: RuleProblem[] = [];
  const add = (path: string, problem: string) =>
    problems.push({ file, path: `certifications.${path}`, problem });
  if (total !== null && compulsoryCount !== null && electives.choose !== null) {
    const sum = compulsoryCount + electives.choose;
    if (sum !== total) add('total', `is ${total}, but ${compulsoryCount} + ${electives.choose} = ${sum}`);
  }
  if (compulsoryCount !== null && compulsory.length > compulsoryCount)
    add('compulsory', `lists ${compulsory.length} lines, but compulsoryCount is ${compulsoryCount}`);
  if (compulsoryListComplete && compulsory.length !== compulsoryCount)
    add('compulsoryListComplete', `is true, but ${compulsory.length} of ${compulsoryCount} lines are listed`);
  if (electives.listComplete && electives.of.length < (electives.choose ?? 0))
    add('electives.of', `lists fewer than the ${electives.choose} to choose`);
  return problems;
}

/** The same words may lead to two certifications only where `ambiguousAliases` says so. */
function sharedTitles(pieces: CataloguePieces): readonly RuleProblem[] {
  const owners = new Map<string, { readonly id: string; readonly path: string }>();
  const declared = new Map(
    Object.entries(pieces.equivalences.ambiguousAliases).map(([alias, ids]) => [plain(alias), new Set(ids)]),
  );
  const problems: RuleProblem[] = [];
  pieces.certifications.forEach((certification, at) => {
    for (const list of ['titles', 'aliases', 'weak'] as const) {
      certification[list].forEach((title, n) => {
        const path = `[${at}].${list}[${n}]`;
        const other = owners.get(plain(title));
        if (other === undefined) owners.set(plain(title), { id: certification.id, path });
        else if (other.id !== certification.id && !declared.get(plain(title))?.has(certification.id))
          problems.push({
            file: 'certifications.json',
            path,
            problem: `“${title}” also leads to ${other.id} (${other.path}); declare it in ambiguousAliases or remove one`,
          });
      });
    }
  });
  return problems;
}

function plain(title: string): string {
  return title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
}
