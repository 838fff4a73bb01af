import { once } from 'node:events';
import { type Config, readConfig } from '../config.ts';

/** What a command answers. `code` 0: done; 1: the thing asked about is bad; 2: wrong use or configuration. */
export type Answer = {
  readonly code: 0 | 1 | 2;
  /** The JSON document of `--json`. */
  readonly data: unknown;
  /** The same for people. */
  readonly text: string;
  /** Set where every line is a JSON document of its own, with `--json` or without. */
  readonly lines?: readonly string[];
};

/** Runs a command with the configuration, or says what is wrong with it, one line a mistake. */
export async function configured(command: (config: Config) => Promise<Answer>): Promise<Answer> {
  const read = readConfig();
  if (!read.ok) return { code: 2, data: { problems: read.problems }, text: read.problems.join('\n') };
  return command(read.config);
}

export async function print(answer: Answer, json: boolean): Promise<void> {
  const text = json && answer.lines === undefined ? JSON.stringify(answer.data) : answer.text;
  if (text === '') return;
  const stream = json || answer.code !== 2 ? process.stdout : process.stderr;
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}
