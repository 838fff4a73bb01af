import { readBadgesFor } from '../badges/read-badges-for.ts';
import { placeBy } from '../classify/place-by.ts';
import type { Config } from '../config.ts';
import type { Locale } from '../domain/local-text.ts';
import { loadCatalogue } from '../load-catalogue.ts';
import { openStore } from '../open-store.ts';
import {
  createImportRecords,
  RECORD_COLUMNS,
  type RecordColumn,
  type RecordRow,
  type RowProblem,
} from '../services/import-records.ts';
import type { Answer } from './command.ts';
import { createSideBySide } from './side-by-side.ts';
import { readSpreadsheet, SpreadsheetProblem } from './spreadsheet.ts';

export type RecordsImportOptions = { readonly dryRun?: boolean; readonly language: Locale };

const OPTIONAL: ReadonlySet<RecordColumn> = new Set(['issuedOn', 'issuer', 'hours', 'note']);
const PROBLEMS_SHOWN = 100;
/** Rows under way together, each whole or not at all: they reach the disk together. */
const AT_ONCE = 64;
const TOO_MANY_CELLS =
  'has more cells than the first row; text that holds commas or semicolons belongs into quotation marks';
type ImportRow = ReturnType<typeof createImportRecords>;
type Line = {
  readonly row: number;
  readonly column: RecordColumn | null;
  readonly problem: string;
  readonly text: string;
};

/** Certifications that a board has in a spreadsheet become accepted records. Code 1 when a row could not be taken. */
export async function recordsImport(
  config: Config,
  file: string,
  options: RecordsImportOptions,
): Promise<Answer> {
  const { rules, rubric, quality, messages } = loadCatalogue(config.configDir);
  const now = Date.now;
  const dryRun = options.dryRun === true;
  const store = await openStore(config.database);
  try {
    const importRow = createImportRecords(
      {
        store,
        rules,
        rubric,
        readCredential: readBadgesFor(config, { now, say: messages.say }),
        placeCredential: placeBy({ rules, quality, say: messages.say }),
        now,
        newId: () => crypto.randomUUID(),
      },
      { dryRun, locale: options.language },
    );
    return await importFile(file, importRow, dryRun);
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    return misuse(`${file}: ${problem}`);
  } finally {
    await store.close();
  }
}

async function importFile(file: string, importRow: ImportRow, dryRun: boolean): Promise<Answer> {
  const problems: Line[] = [];
  const counts = { rows: 0, imported: 0, known: 0, refused: 0 };
  const rows = createSideBySide(AT_ONCE);
  let width = 0;
  let columns: ReadonlyMap<RecordColumn, number> | null = null;
  try {
    for await (const { row, cells } of readSpreadsheet(file)) {
      if (cells.every((cell) => cell === '')) continue;
      if (columns === null) {
        const found = columnsOf(cells);
        if (typeof found === 'string') return misuse(`${file}: ${found}`);
        columns = found;
        width = cells.length;
        continue;
      }
      counts.rows += 1;
      if (cells.slice(width).some((cell) => cell !== '')) {
        counts.refused += 1;
        problems.push({ row, column: null, problem: 'too-many-cells', text: TOO_MANY_CELLS });
        continue;
      }
      const record = rowOf(cells, columns);
      await rows.begin(JSON.stringify([record.platform, record.context, record.user]), async () => {
        const outcome = await importRow(record);
        if (outcome.kind !== 'problems') {
          counts[outcome.kind] += 1;
          return;
        }
        counts.refused += 1;
        for (const { column, problem, params } of outcome.problems)
          problems.push({ row, column, problem, text: words({ column, problem, params }, record[column]) });
      });
    }
    await rows.end();
  } catch (error) {
    if (!(error instanceof SpreadsheetProblem) || error.row === null) throw error;
    await rows.end();
    problems.push({ row: error.row ?? 0, column: null, problem: 'quotation-mark', text: error.message });
  }
  if (columns === null) return misuse(`${file}: the file is empty`);
  return report(
    counts,
    problems.toSorted((a, b) => a.row - b.row),
    dryRun,
  );
}

function report(
  counts: Readonly<Record<'rows' | 'imported' | 'known' | 'refused', number>>,
  problems: readonly Line[],
  dryRun: boolean,
): Answer {
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(({ row, column, text }) => `row ${row}${column === null ? '' : `, ${column}`}: ${text}`);
  const more = problems.length - shown.length;
  return {
    code: problems.length > 0 ? 1 : 0,
    data: { dryRun, ...counts, problems },
    text: [
      ...shown,
      ...(more > 0 ? [`… and ${more} more; --json lists them all`] : []),
      `${counts.rows} rows: ${counts.imported} ${dryRun ? 'would be recorded' : 'recorded'}, ${counts.known} known already, ${counts.refused} not taken.`,
      ...(dryRun ? ['Nothing was written.'] : []),
    ].join('\n'),
  };
}

/** Where each column stands, or what is wrong with the first row. */
function columnsOf(header: readonly string[]): ReadonlyMap<RecordColumn, number> | string {
  const names = header.map((name) => name.toLowerCase().replace(/[\s_-]/g, ''));
  const places = new Map<RecordColumn, number>();
  for (const column of RECORD_COLUMNS) {
    const at = names.indexOf(column.toLowerCase());
    if (at >= 0 && names.lastIndexOf(column.toLowerCase()) !== at)
      return `the column ${column} is there twice`;
    if (at >= 0) places.set(column, at);
  }
  const missing = RECORD_COLUMNS.filter((column) => !places.has(column) && !OPTIONAL.has(column));
  return missing.length === 0
    ? places
    : `the first row must name the columns ${RECORD_COLUMNS.join(', ')}; missing: ${missing.join(', ')}`;
}

function rowOf(cells: readonly string[], columns: ReadonlyMap<RecordColumn, number>): RecordRow {
  const cell = (column: RecordColumn) => cells[columns.get(column) ?? -1] ?? '';
  return Object.fromEntries(RECORD_COLUMNS.map((column) => [column, cell(column)])) as RecordRow;
}

/** What is wrong and what to do, for the clerk who has the spreadsheet open. */
function words({ problem, params }: RowProblem, value: string): string {
  const given = `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  const said: Readonly<Record<RowProblem['problem'], string>> = {
    missing: 'is empty; fill it in',
    'too-long': `is longer than ${params['limit']} characters; shorten it`,
    'unknown-platform': `no LMS has the id ${given}; see shsm-badges platform list`,
    'unknown-context': `nobody has opened the tool from a course with the id ${given} yet; open it there once`,
    'unknown-link': `the course has no activity with the id ${given}; open the activity once from the course`,
    'two-links': `two deployments have a course and an activity with these ids; the row could mean either`,
    'not-set-up': 'the activity is not set up yet; a teacher opens it and chooses the sector',
    'not-a-student': `${given} is a teacher in this course`,
    'unknown-certification': `no certification has the id ${given}; see shsm-badges rules show <sector>`,
    'not-on-list': `${given} is not on the list of the sector ${params['sector']}; see shsm-badges rules show ${params['sector']}`,
    'date-form': `${given} is not a date; write it as 2026-03-02`,
    'date-ambiguous': `${given} can be two dates; write it as 2026-03-02`,
    'date-future': `${given} is in the future`,
    'hours-form': `${given} is not a number of hours; write it as 6.5`,
    'recorded-differently':
      'this student’s certification of this day is recorded already, with another issuer or other hours; it was not changed',
  };
  return said[problem];
}

function fileProblem(error: unknown): string | null {
  if (error instanceof SpreadsheetProblem) return error.message;
  if (!(error instanceof Error) || !('syscall' in error)) return null;
  return 'code' in error && error.code === 'ENOENT' ? 'no such file' : 'the file cannot be read';
}

function misuse(problem: string): Answer {
  return { code: 2, data: { problems: [problem] }, text: problem };
}
