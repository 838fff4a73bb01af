import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../src/storage/sqlite/open.ts';
import { NOW } from '../../support/build.ts';
import { writtenChange } from './written-change.ts';

// Saves one submission after another, from number <first> on, and says each number once it was answered with success.
const [path = '', first = ''] = process.argv.slice(2);
const store = openSqliteStore({ path });
for (let n = Number(first); ; n += 1) {
  const answer = await store.saveSubmission(writtenChange(n), NOW);
  if (answer !== 'saved') throw new Error(`change ${n}: ${answer}`);
  // Straight to the pipe: what the parent has read was said before the kill.
  writeSync(1, `${n}\n`);
}
