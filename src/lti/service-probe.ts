import { z } from 'zod';
import type { Activity } from '../domain/activity.ts';
import type { Now } from '../domain/instant.ts';
import type { FetchRoster } from '../domain/ports/roster.ts';
import { PROBE_STEPS, type ProbeServices, type ProbeStep } from '../domain/service-probe.ts';
import { below, isOfLaunch, MEDIA_TYPES, SCOPES, tokenUse, withQuery } from './ags.ts';
import { COLUMN_TAG } from './line-items.ts';
import { pagedList } from './paged-list.ts';
import { readJson } from './read-json.ts';
import { scoreAnswer } from './score-answer.ts';
import type { CallRequest, ServiceCall } from './service-call.ts';
import { lastingProblem, problemOf, type ServiceProblem } from './service-problem.ts';

const LABEL = 'SHSM Badges: test, may be deleted';
const MAXIMUM = 1;

type Outcome = Pick<ProbeStep, 'result' | 'problem' | 'status' | 'count'>;
const PASS: Outcome = { result: 'pass', problem: null, status: null, count: null };
const SKIPPED: Outcome = { ...PASS, result: 'skipped' };
const column = z.object({ id: z.string().min(1) });

export function createServiceProbe(deps: {
  readonly call: ServiceCall;
  readonly fetchRoster: FetchRoster;
  readonly now: Now;
}): ProbeServices {
  const { call, fetchRoster, now } = deps;

  return async function probeServices(activity, { scoreFor }) {
    const outcomes = new Map<ProbeStep['id'], Outcome>();
    outcomes.set('list-columns', await listColumns(activity));
    const made = await createColumn(activity);
    outcomes.set('create-column', made.outcome);
    if (made.url !== null) {
      outcomes.set('read-column', await readColumn(activity, made.url));
      if (scoreFor !== null) {
        const sent = await sendScore(activity, made.url, scoreFor);
        outcomes.set('send-score', sent);
        if (sent.result === 'pass') outcomes.set('read-score', await readScore(activity, made.url, scoreFor));
      }
      outcomes.set('delete-column', await deleteColumn(activity, made.url));
    }
    outcomes.set('read-roster', await readRoster(activity));
    return PROBE_STEPS.map((id) => ({ id, ...(outcomes.get(id) ?? SKIPPED) }));
  };

  async function listColumns(activity: Activity): Promise<Outcome> {
    const scope = [SCOPES.lineItemReadOnly, SCOPES.lineItem].find((one) => activity.scopes.includes(one));
    if (activity.lineItemsUrl === null) return failed(lastingProblem('no-grade-service'));
    if (scope === undefined) return failed(lastingProblem('scope-missing'));
    const list = await pagedList(
      deps,
      { use: tokenUse(activity, scope), url: activity.lineItemsUrl, accept: MEDIA_TYPES.lineItems },
      (body) => (Array.isArray(body) ? body : null),
    );
    return list.kind === 'problem' ? failed(list) : { ...PASS, count: list.items.length };
  }

  async function createColumn(activity: Activity): Promise<{ outcome: Outcome; url: string | null }> {
    if (activity.lineItemsUrl === null) return { outcome: SKIPPED, url: null };
    const answer = await ask(activity, SCOPES.lineItem, {
      method: 'POST',
      url: activity.lineItemsUrl,
      accept: MEDIA_TYPES.lineItem,
      content: {
        type: MEDIA_TYPES.lineItem,
        body: JSON.stringify({ label: LABEL, scoreMaximum: MAXIMUM, tag: `${COLUMN_TAG}-test` }),
      },
    });
    if (answer.kind === 'problem') return { outcome: failed(answer), url: null };
    const made = column.safeParse(readJson(answer.body));
    if (made.success && !isOfLaunch(made.data.id, activity))
      return { outcome: failed(lastingProblem('address-refused', answer.status)), url: null };
    return made.success
      ? { outcome: { ...PASS, status: answer.status }, url: made.data.id }
      : { outcome: failed(lastingProblem('service-not-understood', answer.status)), url: null };
  }

  async function readColumn(activity: Activity, url: string): Promise<Outcome> {
    const scope = activity.scopes.includes(SCOPES.lineItem) ? SCOPES.lineItem : SCOPES.lineItemReadOnly;
    return outcomeOf(await ask(activity, scope, { method: 'GET', url, accept: MEDIA_TYPES.lineItem }));
  }

  async function sendScore(activity: Activity, url: string, userId: string): Promise<Outcome> {
    if (!activity.scopes.includes(SCOPES.score)) return failed(lastingProblem('scope-missing'));
    const at = now();
    const answer = await call({
      use: tokenUse(activity, SCOPES.score),
      method: 'POST',
      url: below(url, 'scores'),
      content: {
        type: MEDIA_TYPES.score,
        body: JSON.stringify({
          userId,
          scoreGiven: MAXIMUM,
          scoreMaximum: MAXIMUM,
          activityProgress: 'Completed',
          gradingProgress: 'FullyGraded',
          timestamp: new Date(at).toISOString(),
        }),
      },
    });
    if (answer.kind === 'problem') return failed(answer);
    const said = scoreAnswer(answer, at, at);
    if (said.kind === 'delivered')
      return { ...PASS, status: answer.kind === 'response' ? answer.status : null };
    if (said.kind === 'column-gone') return failed(lastingProblem('column-not-found', 404));
    return failed(lastingProblem(said.error.key, said.error.status));
  }

  async function readScore(activity: Activity, url: string, userId: string): Promise<Outcome> {
    if (!activity.scopes.includes(SCOPES.result)) return failed(lastingProblem('scope-missing'));
    const list = await pagedList(
      deps,
      {
        use: tokenUse(activity, SCOPES.result),
        url: withQuery(below(url, 'results'), { user_id: userId }),
        accept: MEDIA_TYPES.results,
      },
      (body) => (Array.isArray(body) ? body : null),
    );
    if (list.kind === 'problem') return failed(list);
    return list.items.length === 0
      ? failed(lastingProblem('score-not-shown'))
      : { ...PASS, count: list.items.length };
  }

  async function deleteColumn(activity: Activity, url: string): Promise<Outcome> {
    return outcomeOf(await ask(activity, SCOPES.lineItem, { method: 'DELETE', url }));
  }

  async function readRoster(activity: Activity): Promise<Outcome> {
    const list = await fetchRoster(activity);
    if (list.kind === 'problem') return failed({ ...lastingProblem(''), error: list.error });
    if (list.items.length === 0) return failed(lastingProblem('roster-empty'));
    if (list.items.every((member) => member.name === null))
      return { ...failed(lastingProblem('roster-nameless')), count: list.items.length };
    return { ...PASS, count: list.items.length };
  }

  /** One call for which anything but a success is a problem. */
  async function ask(activity: Activity, scope: string, request: Omit<CallRequest, 'use'>) {
    if (!activity.scopes.includes(scope)) return lastingProblem('scope-missing');
    const answer = await call({ use: tokenUse(activity, scope), ...request });
    if (answer.kind === 'problem') return answer;
    return answer.kind === 'response' && answer.status >= 200 && answer.status < 300
      ? answer
      : problemOf(answer, 'service-refused', now());
  }
}

function outcomeOf(answer: { readonly kind: 'response'; readonly status: number } | ServiceProblem): Outcome {
  return answer.kind === 'problem' ? failed(answer) : { ...PASS, status: answer.status };
}

function failed({ error }: ServiceProblem): Outcome {
  return { result: 'fail', problem: error.key, status: error.status, count: null };
}
