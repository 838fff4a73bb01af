import { writeSync } from 'node:fs';
import { readConfig } from '../../src/config.ts';
import { loadCatalogue } from '../../src/load-catalogue.ts';
import { createLog } from '../../src/log.ts';
import { createGradeServices } from '../../src/lti/grade-services.ts';
import { createToolKeys } from '../../src/lti/tool-keys.ts';
import { openStore } from '../../src/open-store.ts';
import { createWorker } from '../../src/passback/worker.ts';
import { createReviewSubmission } from '../../src/services/review-submission.ts';

/**
 * Teachers who decide and the worker that delivers, without the web before them: starts in a moment, to be killed at any.
 * Says on stdout `said <id> <n>` before each decision and `kept <id> <n>` when it was answered with success.
 */
const ahead = Number(process.env['CLOCK_AHEAD_MS'] ?? 0);
const read = readConfig();
if (!read.ok) throw new Error(read.problems.join('\n'));
const store = await openStore(read.config.database);
const now = () => Date.now() + ahead;
const log = createLog('silent');
const newId = () => crypto.randomUUID();
const toolKeys = createToolKeys({ store, secrets: [read.config.secret], now, newId, log });
const { sendScore } = createGradeServices({
  ...{ store, now, newId, production: false, version: '0', dispatcher: null },
  // ltijs, by which the product does this, takes as long to load as everything else together.
  identityOf: async (platformId) => {
    const platform = await store.platform(platformId);
    if (platform === null) return null;
    const { issuer, clientId, tokenUrl, audience } = platform;
    const { kid, privateKeyPem } = await toolKeys.signing();
    return { issuer, clientId, kid, privateKeyPem, tokenUrl, audience: audience ?? tokenUrl };
  },
});
const worker = createWorker({ store, sendScore, now, log, owner: newId() });
worker.start();

const { rules, rubric, messages } = loadCatalogue(read.config.configDir);
const unused = async () => {
  throw new Error('not part of a decision');
};
const { decide } = createReviewSubmission({
  ...{ store, rules, rubric, now, log, say: messages.say, newId },
  ...{ readCredential: unused, answerPicking: unused, probeServices: unused, fetchRoster: unused },
  ...{ background: unused, makeInvite: unused },
  placeCredential: () => {
    throw new Error('not part of a decision');
  },
  wakePassback: () => worker.wake(),
});

/** Each seat decides on submissions of its own, as fast as it can. */
async function grade(ids: readonly string[], numbers: Record<string, number>): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const id = ids[(turn * 7) % ids.length] ?? '';
    const known = await store.submission(id);
    if (known === null) throw new Error(`no submission ${id}`);
    const number = (numbers[id] ?? 0) + 1;
    numbers[id] = number;
    writeSync(1, `said ${id} ${number}\n`);
    const { platformId, deploymentId, contextId, activityId } = known;
    const marks = Object.fromEntries(
      rubric.criteria.map(({ id: criterion, levels }) => [
        criterion,
        levels[number % levels.length]?.points ?? 0,
      ]),
    );
    const answer = await decide(
      {
        ...{ platformId, deploymentId, contextId, activityId, userId: 'teacher-1', role: 'teacher' },
        ...{ name: null, email: null, locale: 'en' },
      },
      id,
      known.version,
      {
        outcome: number % 3 === 0 ? 'returned' : 'accepted',
        counts: 'supplementary',
        lines: [],
        marks,
        quality: {},
        comment: `decision ${number}`,
      },
    );
    if (answer.kind !== 'saved') throw new Error(JSON.stringify(answer));
    writeSync(1, `kept ${id} ${number}\n`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const { seats, numbers } = JSON.parse(process.argv[2] ?? '') as {
  readonly seats: readonly (readonly string[])[];
  readonly numbers: Record<string, number>;
};
await Promise.all(seats.map((ids) => grade(ids, numbers)));
