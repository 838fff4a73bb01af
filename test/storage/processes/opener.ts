import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../../src/storage/sqlite/connection.ts';
import { migrate } from '../../../src/storage/sqlite/migrate.ts';

// Opens the new file of each round in the same moment as the other openers, and says what came of it.
const { round, folder, rounds }: { round: Int32Array; folder: string; rounds: number } = workerData;
for (let n = 1; n <= rounds; n += 1) {
  while (Atomics.load(round, 0) < n) Atomics.wait(round, 0, n - 1);
  try {
    const connection = connect(`${folder}/${n}.db`);
    const applied = migrate(connection);
    connection.close();
    parentPort?.postMessage({ round: n, applied: applied.length });
  } catch (error) {
    parentPort?.postMessage({ round: n, error: String(error) });
  }
}
