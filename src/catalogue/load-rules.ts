import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Rubric } from '../domain/rubric.ts';
import type { QualityItem, Rules, Sector, SectorLine } from '../domain/sector.ts';
import { type CataloguePieces, catalogueProblems } from './catalogue-problems.ts';
import { overlayFile, overlayProblems, withOverlays } from './overlay.ts';
import * as files from './rule-files.ts';

/** A mistake in `config/`: in which file, where in it (JSON path such as `certifications.electives.of[3].id`), and what. */
export type RuleProblem = { readonly file: string; readonly path: string; readonly problem: string };

export type LoadedRules =
  | {
      readonly ok: true;
      readonly rules: Rules;
      readonly rubric: Rubric;
      readonly quality: readonly QualityItem[];
    }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/**
 * Reads the sector rules of `configDir` and checks them: shapes, ids that nobody defines, numbers that do not add up,
 * titles that two certifications claim, texts that lack a language. All mistakes are reported, not only the first.
 * What a board decided in `overlay.d/` is laid over the shipped rules.
 */
export function loadRules(configDir: string): LoadedRules {
  const problems: RuleProblem[] = [];
  const hash = createHash('sha256');

  function read<T>(file: string, shape: z.ZodType<T>): T | null {
    let content: unknown;
    try {
      const bytes = readFileSync(join(configDir, file), 'utf8');
      hash.update(file).update('\0').update(bytes).update('\0');
      content = JSON.parse(bytes);
    } catch (error) {
      problems.push({ file, path: '', problem: error instanceof Error ? error.message : String(error) });
      return null;
    }
    const parsed = shape.safeParse(content);
    if (parsed.success) return parsed.data;
    problems.push(
      ...parsed.error.issues.map((issue) => ({ file, path: jsonPath(issue.path), problem: issue.message })),
    );
    return null;
  }

  const certifications = read('certifications.json', files.certificationsFile);
  const equivalences = read('equivalences.json', files.equivalencesFile);
  const issuers = read('issuers.json', files.issuersFile);
  const program = read('program.json', files.programFile);
  const quality = read('quality.json', files.qualityFile);
  const rubric = read('rubric.json', files.rubricFile);
  const sources = read('sources.json', files.sourcesFile);
  const titleWords = read('title-words.json', files.titleWordsFile);
  const sectors = jsonFilesOf(configDir, 'sectors').map((file) => ({
    file,
    sector: read(file, files.sectorFile),
  }));
  if (sectors.length === 0) problems.push({ file: 'sectors', path: '', problem: 'holds no sector' });

  const overlays = jsonFilesOf(configDir, 'overlay.d').flatMap((file) => {
    const content = read(file, overlayFile);
    return content === null ? [] : [{ file, content }];
  });

  if (
    certifications === null ||
    equivalences === null ||
    issuers === null ||
    program === null ||
    quality === null ||
    rubric === null ||
    sources === null ||
    titleWords === null
  )
    return { ok: false, problems };

  const pieces: CataloguePieces = {
    sectors: sectors.flatMap(({ file, sector }) => (sector === null ? [] : [{ file, sector }])),
    certifications,
    equivalences,
    issuers,
    titleWords,
    sourceIds: new Set(sources.map((source) => source.id)),
  };
  problems.push(...catalogueProblems(pieces));
  if (problems.length > 0) return { ok: false, problems };

  const shipped: Rules = {
    version: `${program.edition}+${hash.digest('hex').slice(0, 8)}`,
    sectors: pieces.sectors.map(({ sector }) => toSector(sector)),
    certifications: certifications.map((certification) => ({
      ...certification,
      issuers: certification.issuers.map((issuer) => issuer.name),
    })),
    others: equivalences.others,
    equivalences: equivalences.equivalences,
    titleWords,
    issuers,
    approvedCourses: [],
    sources,
  };
  problems.push(...overlayProblems(shipped, overlays));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, rules: withOverlays(shipped, overlays), rubric, quality };
}

/** The `.json` files of a folder of the configuration, in order of their names; none when there is no such folder. */
function jsonFilesOf(configDir: string, folder: string): readonly string[] {
  const full = join(configDir, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The sourced list first; a candidate that the list names already is left out. */
function toSector(file: files.SectorFile): Sector {
  const { compulsory, electives } = file.certifications;
  const toLine = (
    line: files.SectorFile['candidates']['electives'][number],
    role: SectorLine['role'],
    layer: SectorLine['layer'],
  ): SectorLine => ({
    certificationId: line.id,
    status: line.status,
    countsAlone: line.countsAlone,
    role,
    layer,
    evidence: line.evidence ?? null,
    sourceIds: line.sourceIds,
  });
  const list = [
    ...compulsory.map((line) => toLine(line, 'compulsory', 'list')),
    ...electives.of.map((line) => toLine(line, line.role, 'list')),
  ];
  const listed = new Set(list.map((line) => line.certificationId));
  const candidates = [
    ...file.candidates.compulsory.map((line) => toLine(line, 'unknown', 'candidate')),
    ...file.candidates.electives.map((line) => toLine(line, 'elective', 'candidate')),
  ].filter((line) => !listed.has(line.certificationId));
  return {
    id: file.id,
    name: { en: file.name.en, fr: file.name.fr },
    status: file.status,
    keywords: [...file.keywords.en, ...file.keywords.fr],
    officialUrl: file.officialUrl,
    total: file.certifications.total,
    compulsoryCount: file.certifications.compulsoryCount,
    electivesToChoose: electives.choose,
    compulsoryListComplete: file.certifications.compulsoryListComplete,
    electiveListComplete: electives.listComplete,
    lines: [...list, ...candidates],
    note: file.note,
  };
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
