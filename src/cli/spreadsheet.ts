import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';

/** One row of a spreadsheet; `row` counts as spreadsheets do, from 1 for the first line, empty ones included. */
export type SpreadsheetRow = { readonly row: number; readonly cells: readonly string[] };

/** The file cannot be read as a table, or not beyond `row`. `message` is one line for the person who made it. */
export class SpreadsheetProblem extends Error {
  readonly row: number | null;

  constructor(message: string, row: number | null = null) {
    super(message);
    this.name = 'SpreadsheetProblem';
    this.row = row;
  }
}

const BEGINNING = 64 * 1024;
const LONGEST_ROW = 256 * 1024;
type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

/**
 * Reads a CSV file row by row as Excel and others write it: with or without a byte order mark, UTF-8, UTF-16 or Windows-1252,
 * commas, semicolons or tabs, line breaks inside quotation marks.
 */
export async function* readSpreadsheet(file: string): AsyncGenerator<SpreadsheetRow> {
  const encoding = await encodingOf(file);
  const first = await beginningOf(file, encoding);
  const named = /^sep=(.)\r?\n/i.exec(first);
  const parser = parse({
    delimiter: named?.[1] ?? delimiterOf(first),
    from_line: named === null ? 1 : 2,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LONGEST_ROW,
  });
  // What goes wrong on the way comes out of the parser.
  pipeline(Readable.from(textOf(file, encoding)), parser, () => {});
  let row = named === null ? 0 : 1;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      yield { row, cells: cells.map((cell) => cell.trim()) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SpreadsheetProblem(
      'a quotation mark is opened and never closed; nothing from this row on was read',
      row + 1,
    );
  }
}

async function* textOf(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(file)) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

/** Bytes that are no UTF-8 are what Excel writes as plain "CSV" on Windows. */
async function encodingOf(file: string): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for await (const chunk of createReadStream(file)) {
    const bytes = chunk as Buffer;
    if (isFirst && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
    if (isFirst && bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
      throw new SpreadsheetProblem(
        'this is a workbook, not a CSV file; save it as "CSV UTF-8" and import that',
      );
    if (bytes.includes(0))
      throw new SpreadsheetProblem('this is not a text file; save the table as "CSV UTF-8"');
    isFirst = false;
    try {
      decoder.decode(bytes, { stream: true });
    } catch {
      return 'windows-1252';
    }
  }
  return 'utf-8';
}

async function beginningOf(file: string, encoding: Encoding): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    return new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Whichever the first line has most of. */
function delimiterOf(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1);
  const count = (delimiter: string) => line.split(delimiter).length;
  return [',', ';', '\t'].reduce((most, one) => (count(one) > count(most) ? one : most));
}
