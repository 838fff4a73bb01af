import { readFile } from 'node:fs/promises';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { placeBy } from '../classify/place-by.ts';
import type { Config } from '../config.ts';
import type { CredentialReport, Outcome } from '../domain/credential.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { PlacementReport } from '../domain/placement.ts';
import { badgeReader, sourceOf } from './badge-read.ts';
import type { Answer } from './command.ts';
import { batchLine, factsIn, typedReport } from './typed-facts.ts';

export type BadgeClassifyOptions = {
  readonly sector?: string;
  readonly batch?: string;
  readonly today?: string;
};

/** Outcomes after which a badge is nothing to go on. */
const BAD: ReadonlySet<Outcome> = new Set([
  'invalid',
  'revoked',
  'not-a-badge',
  'no-badge-data',
  'unreadable',
]);

/** Reads a badge, or typed-in facts, and prints the placement report; with `--batch`, one report a line, in order. */
export async function badgeClassify(
  config: Config,
  source: string | undefined,
  options: BadgeClassifyOptions,
): Promise<Answer> {
  if (options.batch !== undefined) return classifyBatch(config, options.batch, options.today);
  if (source === undefined) return misuse('name a file or an address, or use --batch <file>');
  if (options.sector === undefined) return misuse('--sector <id> is needed');
  const { rules, quality, messages } = loadCatalogue(config.configDir);
  const sector = rules.sectors.find((candidate) => candidate.id === options.sector);
  if (sector === undefined) {
    const ids = rules.sectors.map((candidate) => candidate.id).join(', ');
    return misuse(`no sector has the id ${options.sector}; there are ${ids}`);
  }
  const credential = await readOrTyped(config, source, options.today);
  if (credential === null) return misuse(`${source}: no such file`);
  const report = placeBy({ rules, quality, say: messages.say })({
    sectorId: sector.id,
    credential,
    expected: null,
    today: options.today ?? dayInOntario(Date.now()),
    duplicates: null,
  });
  return { code: BAD.has(credential.outcome) ? 1 : 0, data: report, text: describe(report, credential) };
}

async function readOrTyped(
  config: Config,
  source: string,
  today: string | undefined,
): Promise<CredentialReport | null> {
  const given = await sourceOf(source);
  if (given === null) return null;
  if (given.kind === 'file' && source.toLowerCase().endsWith('.json')) {
    const facts = factsIn(parsed(new TextDecoder().decode(given.bytes)));
    if (facts !== null) return typedReport(facts, Date.now());
  }
  return badgeReader(config, today)(given, null);
}

/** A line that cannot be read gets an `error` in its place, so that answers stay in step with questions. */
async function classifyBatch(config: Config, file: string, today: string | undefined): Promise<Answer> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch {
    return misuse(`${file}: no such file`);
  }
  const { rules, quality, messages } = loadCatalogue(config.configDir);
  const place = placeBy({ rules, quality, say: messages.say });
  const day = today ?? dayInOntario(Date.now());
  const checkedAt = Date.now();
  let bad = 0;
  const lines = content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((text, at) => {
      if (text.trim() === '') return [];
      const line = batchLine.safeParse(parsed(text));
      if (!line.success) {
        bad += 1;
        return [
          JSON.stringify({ id: idIn(parsed(text)), error: `line ${at + 1} is not {"id","sector","facts"}` }),
        ];
      }
      const { id, sector, facts } = line.data;
      const credential = typedReport(facts, checkedAt);
      const report = place({ sectorId: sector, credential, expected: null, today: day, duplicates: null });
      return [JSON.stringify({ id, ...report })];
    });
  return { code: bad > 0 ? 1 : 0, data: null, text: lines.join('\n'), lines };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function idIn(line: unknown): unknown {
  return typeof line === 'object' && line !== null && 'id' in line ? line.id : null;
}

function misuse(problem: string): Answer {
  return { code: 2, data: { problems: [problem] }, text: problem };
}

function describe(report: PlacementReport, { credential }: CredentialReport): string {
  const marks = { pass: '✔', fail: '✖', unknown: '?' } as const;
  const lines = [report.certification, ...report.also].filter((id) => id !== null).join(' + ');
  return [
    `${report.placement}${lines === '' ? '' : `: ${lines}`}${report.needsConfirmation ? '  (a person must confirm)' : ''}`,
    ...(credential.name === null ? [] : [`  ${credential.name}`]),
    ...report.reasons.map((reason) => `  - ${reason.en}`),
    ...report.checks.map((check) => `  ${marks[check.result]} ${check.id}: ${check.en}`),
  ].join('\n');
}
