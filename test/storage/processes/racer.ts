import { once } from 'node:events';
import { openSqliteStore } from '../../../src/storage/sqlite/open.ts';
import { MINUTE, NOW } from '../../support/build.ts';

// Opens the store, says so, waits for the word, then takes all the cells and logins it can get and says which.
const [path = '', name = '', logins = '0'] = process.argv.slice(2);
const store = openSqliteStore({ path });
process.stdout.write('ready\n');
await once(process.stdin, 'data');

const cells: string[] = [];
const spent: number[] = [];
let more = true;
for (let n = 0; more || n < Number(logins); n += 1) {
  const claimed = await store.claimDue('platform-1', NOW, NOW + MINUTE, name, 2);
  cells.push(...claimed.map((cell) => cell.userId));
  more = claimed.length > 0;
  if (n < Number(logins) && (await store.spendLogin(`state-${n}`, NOW))) spent.push(n);
}
await store.close();
process.stdout.write(`${JSON.stringify({ cells, spent })}\n`);
process.exit(0);
