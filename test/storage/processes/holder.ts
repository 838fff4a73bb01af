import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// Holds the write lock of a file that is not in WAL mode yet, says so, and lets go a moment later.
const database = new DatabaseSync(workerData.path);
database.exec('BEGIN IMMEDIATE');
parentPort?.postMessage('held');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
database.exec('COMMIT');
database.close();
