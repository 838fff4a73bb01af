import { launchesBench } from './launches.ts';
import { passbackBench } from './passback.ts';
import { placementBench } from './placement.ts';
import { readingBench } from './reading.ts';
import { startBench } from './start.ts';
import { storageBench } from './storage.ts';

const BENCHES: Readonly<Record<string, () => Promise<string>>> = {
  start: startBench,
  launches: launchesBench,
  placement: placementBench,
  reading: readingBench,
  passback: passbackBench,
  storage: storageBench,
};

// `npm run bench` runs all of them, `npm run bench -- start` one.
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) console.log(`## ${name}\n${await bench()}\n`);
