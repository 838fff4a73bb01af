import { decisionsBench } from './decisions.ts';
import { launchesBench } from './launches.ts';
import { listsBench } from './lists.ts';
import { passbackBench, twoProcessesBench } from './passback.ts';
import { placementBench } from './placement.ts';
import { readingBench } from './reading.ts';
import { readingLoadBench } from './reading-load.ts';
import { rosterBench } from './roster.ts';
import { startBench } from './start.ts';
import { storageBench } from './storage.ts';
import { studentsBench } from './students.ts';

const BENCHES: Readonly<Record<string, () => Promise<string>>> = {
  start: startBench,
  launches: launchesBench,
  roster: rosterBench,
  placement: placementBench,
  reading: readingBench,
  passback: passbackBench,
  'two-processes': twoProcessesBench,
  decisions: decisionsBench,
  students: studentsBench,
  lists: listsBench,
  storage: storageBench,
  'reading-load': readingLoadBench,
};

// `npm run bench` runs all of them, `npm run bench -- start` one; `--full` at the sizes that the goals name.
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) console.log(`## ${name}\n${await bench()}\n`);
