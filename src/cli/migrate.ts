import { existsSync } from 'node:fs';
import { parseDatabase } from '../config.ts';
import { openTransfer } from '../open-transfer.ts';
import { type Moved, moveRecords } from '../services/move-records.ts';
import type { Answer } from './command.ts';

/** Copies one store into another and compares them. Safe to run again; stop the server first, or what it writes differs. */
export async function migrate(options: { readonly from: string; readonly to: string }): Promise<Answer> {
  const [from, to] = [parseDatabase(options.from), parseDatabase(options.to)];
  if (from === null) return wrong('--from: must be sqlite:<path>, mongodb://… or mongodb+srv://…');
  if (to === null) return wrong('--to: must be sqlite:<path>, mongodb://… or mongodb+srv://…');
  if (from.kind === 'sqlite' && !existsSync(from.path)) return wrong(`--from: there is no ${from.path}`);
  const source = await openTransfer(from);
  try {
    const target = await openTransfer(to);
    try {
      return report(await moveRecords(source, target));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function report(moved: readonly Moved[]): Answer {
  const same = moved.every((one) => one.same);
  const line = ({ kind, from, to, same }: Moved) =>
    `${same ? 'same     ' : 'DIFFERENT'}  ${kind.padEnd(16)} ${String(from.count).padStart(8)} ${from.checksum}  ${String(to.count).padStart(8)} ${to.checksum}`;
  return {
    code: same ? 0 : 1,
    data: { same, moved },
    text: [
      `           ${'what'.padEnd(16)} ${'from'.padStart(8)} ${'checksum'.padEnd(16)}  ${'to'.padStart(8)} checksum`,
      ...moved.map(line),
      same
        ? 'Everything is there. Set SHSM_DATABASE to the new place and keep SHSM_SECRET as it is.'
        : 'The two differ: the target held other records before, or the source was written to meanwhile. Stop the server and run this again, or begin with an empty target.',
    ].join('\n'),
  };
}

function wrong(problem: string): Answer {
  return { code: 2, data: { problems: [problem] }, text: problem };
}
