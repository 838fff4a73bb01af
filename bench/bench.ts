import { startBench } from './start.ts';

console.log(await startBench());
