import { loadMessages } from '../catalogue/load-messages.ts';
import type { Config } from '../config.ts';
import type { DeliveryError, GradebookCell } from '../domain/gradebook.ts';
import type { Store } from '../domain/ports/store.ts';
import { createLog } from '../log.ts';
import { openGradeServices } from '../open-grade-services.ts';
import { openStore } from '../open-store.ts';
import {
  createReconcileGradebook,
  type Difference,
  needsAttention,
} from '../services/reconcile-gradebook.ts';
import type { Answer } from './command.ts';

const STATES = { pending: 'on its way', parked: 'needs attention', delivered: 'delivered' } as const;

/** The queue of grades: what is on its way or needs a person, oldest first; with `all`, what was delivered too. */
export async function passbackList(config: Config, options: { readonly all?: boolean }): Promise<Answer> {
  return withStore(config, async (store) => {
    const explain = explainer(config);
    const now = Date.now();
    const queue = (await store.cells({}))
      .filter((cell) => options.all === true || cell.status !== 'delivered')
      .toSorted((a, b) => a.timestamp - b.timestamp);
    const data = queue.map((cell) => ({
      activity: cell.activityId,
      user: cell.userId,
      state: cell.status,
      since: new Date(cell.timestamp).toISOString(),
      ageSeconds: Math.max(0, Math.round((now - cell.timestamp) / 1000)),
      score: cell.desired.scoreGiven,
      maximum: cell.desired.scoreMaximum,
      attempts: cell.attempts,
      nextAttemptAt: cell.status === 'pending' ? new Date(cell.nextAttemptAt).toISOString() : null,
      lastError: explain(cell.lastError),
    }));
    const text = data.map((row) =>
      [
        `${row.activity}  ${row.user}  ${STATES[row.state]} for ${spokenAge(row.ageSeconds)}, ${row.attempts} attempts`,
        ...(row.lastError === null ? [] : [`  ${row.lastError.text} ${row.lastError.fix}`]),
      ].join('\n'),
    );
    return { code: 0, data, text: text.join('\n') || 'Nothing waits: every grade was delivered.' };
  });
}

/** Makes one grade that waits or needs attention due now, or all of them. A running server sends them within a second. */
export async function passbackRetry(
  config: Config,
  activityId: string | undefined,
  userId: string | undefined,
  options: { readonly all?: boolean },
): Promise<Answer> {
  const isOne = activityId !== undefined && userId !== undefined;
  if ((options.all === true) === isOne || (activityId !== undefined && !isOne))
    return misuse('name <activity> and <user> of one grade, as "passback list" shows them, or use --all');
  return withStore(config, async (store) => {
    const chosen = isOne
      ? [{ activityId, userId }]
      : (await store.cells({})).filter((cell) => cell.status !== 'delivered');
    const retried = [];
    for (const cell of chosen)
      if (await store.retryNow(cell, Date.now()))
        retried.push({ activity: cell.activityId, user: cell.userId });
    const isUnknown = isOne && retried.length === 0;
    return {
      code: isUnknown ? 1 : 0,
      data: { retried },
      text: isUnknown
        ? `No grade of ${userId} in ${activityId} waits: see shsm-badges passback list`
        : `${retried.length} made due now.`,
    };
  });
}

/** Compares what the LMS gradebooks show with what they should. Code 1 when a person has to look. */
export async function passbackReconcile(
  config: Config,
  options: { readonly resend?: boolean },
): Promise<Answer> {
  return withStore(config, async (store) => {
    const { readResults } = await openGradeServices(config, { store, log: createLog('warn') });
    const reconcile = createReconcileGradebook({ store, readGradebook: readResults, now: Date.now });
    const { agreeing, differences } = await reconcile({ resend: options.resend === true });
    const explain = explainer(config);
    const rows = differences.map((one) => ({ ...one, error: explain(one.error) }));
    const data = {
      agreeing,
      differences: rows.map(({ platformId, cell, finding, shown, error, resent }) => ({
        platform: platformId,
        activity: cell.activityId,
        user: cell.userId,
        finding,
        expected: { score: cell.desired.scoreGiven, maximum: cell.desired.scoreMaximum },
        shown: shown === null ? null : { score: shown.score, maximum: shown.maximum },
        error,
        resent,
      })),
    };
    const text = [
      ...rows.map((row) => sentence(row, row.error)),
      `${agreeing} agree with the gradebook, ${differences.length} listed above.`,
    ];
    return { code: differences.some(needsAttention) ? 1 : 0, data, text: text.join('\n') };
  });
}

type Explained = DeliveryError & { readonly text: string; readonly fix: string };

function sentence(difference: Omit<Difference, 'error'>, error: Explained | null): string {
  const { cell, shown, resent } = difference;
  const why = error === null ? '' : ` ${error.text} ${error.fix}`;
  const said = {
    waiting: `on its way.${why}`,
    failed: `not delivered.${why}`,
    missing: `missing: the LMS took ${points(cell)} and shows nothing.${resent ? ' It is sent again.' : ' Send it with --resend.'}`,
    changed: `changed in the LMS: it shows ${shown?.score ?? 'nothing'}/${shown?.maximum ?? cell.desired.scoreMaximum}, here it is ${points(cell)}. It is left as the LMS has it; a new decision replaces it.`,
    unchecked: `could not be compared.${why}`,
  };
  return `${cell.activityId}  ${cell.userId}  ${said[difference.finding]}`;
}

function points({ desired }: GradebookCell): string {
  return `${desired.scoreGiven ?? 'no score'}/${desired.scoreMaximum}`;
}

/** Adds the plain words to an error, and what to do. */
function explainer(config: Config): (error: DeliveryError | null) => Explained | null {
  const messages = loadMessages(config.configDir);
  return (error) => {
    if (error === null) return null;
    const key = messages.has(`passback.${error.key}.text`) ? error.key : 'unknown';
    const say = (part: string) => messages.say('en', `passback.${key}.${part}`);
    return { ...error, text: say('text'), fix: say('fix') };
  };
}

function spokenAge(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function misuse(problem: string): Answer {
  return { code: 2, data: { problems: [problem] }, text: problem };
}

async function withStore(config: Config, command: (store: Store) => Promise<Answer>): Promise<Answer> {
  const store = await openStore(config.database);
  try {
    return await command(store);
  } finally {
    await store.close();
  }
}
