import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

/** The server as it ships, `CLOCK_AHEAD_MS` ahead of the machine's clock. To be run as a process of its own. */
const ahead = Number(process.env['CLOCK_AHEAD_MS'] ?? 0);
const read = readConfig();
if (!read.ok) throw new Error(read.problems.join('\n'));
const app = await createApp(read.config, { log: createLog('silent'), now: () => Date.now() + ahead });
await app.listen();
