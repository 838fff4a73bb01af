import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Activity } from '../domain/activity.ts';
import type { NewId, Now } from '../domain/instant.ts';
import type { CourseStore } from '../domain/ports/course-store.ts';
import type { GradebookStore } from '../domain/ports/gradebook-store.ts';
import { isOfLaunch, MEDIA_TYPES, SCOPES, tokenUse, withQuery } from './ags.ts';
import { pagedList } from './paged-list.ts';
import { readJson } from './read-json.ts';
import type { ServiceCall } from './service-call.ts';
import { lastingProblem, passingProblem, problemOf, type ServiceProblem } from './service-problem.ts';

/** The tag of every column that this tool makes. */
export const COLUMN_TAG = 'shsm-badges';
const LABEL_LENGTH = 255;
const LOCK_MS = 60_000;
const LOCK_TRIES = 25;
const LOCK_PAUSE_MS = 200;
/** After a create whose answer was lost the LMS gets time to finish before the list is trusted again. */
const LOST_CREATE_WAIT_MS = 30_000;

/** Platforms send ids as strings or numbers. */
const idText = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((id) => id ?? null);
const lineItem = z.object({
  id: z.string().min(1),
  label: z.string().catch(''),
  resourceId: idText,
  resourceLinkId: idText,
  tag: idText,
});
type ListedLineItem = z.infer<typeof lineItem>;

export type Column = { readonly kind: 'column'; readonly url: string };

export type SettleOptions = {
  readonly scoreMaximum: number;
  readonly signal?: AbortSignal;
  /** The column that was there and is not any more; never settled on again from the launch. */
  readonly gone?: string;
  /** False: only look. */
  readonly mayCreate?: boolean;
};

export type LineItems = {
  /** The one column of the activity: known, from the launch, found in the LMS, or created. At most one is ever created. */
  readonly settle: (activity: Activity, options: SettleOptions) => Promise<Column | ServiceProblem>;
  /** Whether the LMS still has the column; `unknown` when it may not be read. */
  readonly exists: (
    activity: Activity,
    url: string,
    signal?: AbortSignal,
  ) => Promise<'yes' | 'no' | 'unknown'>;
};

export function createLineItems(deps: {
  readonly store: Pick<GradebookStore, 'lineItem' | 'lockLineItem' | 'settleLineItem' | 'unlockLineItem'> &
    Pick<CourseStore, 'activity' | 'activitiesIn'>;
  readonly call: ServiceCall;
  readonly now: Now;
  readonly newId: NewId;
}): LineItems {
  const { store, call, now, newId } = deps;

  async function settle(activity: Activity, options: SettleOptions): Promise<Column | ServiceProblem> {
    const lockOwner = newId();
    for (let tries = 0; tries < LOCK_TRIES && !options.signal?.aborted; tries += 1) {
      const known = await store.lineItem(activity.id);
      if (known !== null && known.url !== null) return column(known.url);
      if (await store.lockLineItem(activity.id, lockOwner, now(), now() + LOCK_MS)) {
        try {
          return await settleUnderLock(activity, options, lockOwner);
        } finally {
          await store.unlockLineItem(activity.id, lockOwner);
        }
      }
      await pause(LOCK_PAUSE_MS);
    }
    return passingProblem('column-busy');
  }

  async function settleUnderLock(
    activity: Activity,
    options: SettleOptions,
    lockOwner: string,
  ): Promise<Column | ServiceProblem> {
    // Whoever held the lock may have settled it just now.
    const known = await store.lineItem(activity.id);
    if (known !== null && known.url !== null) return column(known.url);
    const offered = activity.lineItemUrl === options.gone ? null : activity.lineItemUrl;
    const found = offered === null ? await findOrCreate(activity, options) : column(offered);
    if (found.kind === 'problem') return found;
    const isSettled = await store.settleLineItem(activity.id, lockOwner, found.url, now());
    return isSettled ? found : passingProblem('column-busy');
  }

  async function findOrCreate(activity: Activity, options: SettleOptions): Promise<Column | ServiceProblem> {
    const { lineItemsUrl, scopes } = activity;
    if (lineItemsUrl === null) return lastingProblem('column-missing');
    const found = await find(activity, lineItemsUrl, options.signal);
    if (found !== null) return found;
    if (options.mayCreate === false || !scopes.includes(SCOPES.lineItem))
      return lastingProblem('column-missing');
    return create(activity, lineItemsUrl, options);
  }

  /** By link first, then by our tag, because a platform may keep one filter and not the other (AGS 2.0 §3.2.5). */
  async function find(
    activity: Activity,
    lineItemsUrl: string,
    signal: AbortSignal | undefined,
  ): Promise<Column | ServiceProblem | null> {
    const scope = [SCOPES.lineItemReadOnly, SCOPES.lineItem].find((one) => activity.scopes.includes(one));
    if (scope === undefined) return lastingProblem('column-missing');
    for (const query of [{ resource_link_id: activity.resourceLinkId }, { tag: COLUMN_TAG }]) {
      const list = await pagedList(
        deps,
        {
          use: tokenUse(activity, scope),
          url: withQuery(lineItemsUrl, query),
          accept: MEDIA_TYPES.lineItems,
          ...(signal && { signal }),
        },
        readLineItems,
      );
      if (list.kind === 'problem') return list;
      const match = await matching(activity, list.items);
      if (match !== null) return columnAt(activity, match.id);
      // Half a list proves nothing, and a second column would be worse than a late score.
      if (!list.isComplete) return passingProblem('lms-unavailable', null, 'line items: endless pages');
    }
    return null;
  }

  /** The column of this activity among those of the course. What the LMS says counts, not the filter: some ignore it. */
  async function matching(
    activity: Activity,
    items: readonly ListedLineItem[],
  ): Promise<ListedLineItem | null> {
    const own = items.find((item) => item.resourceId === activity.id);
    if (own !== undefined) return own;
    const ofLink = items.filter((item) => item.resourceLinkId === activity.resourceLinkId);
    return ofLink.find((item) => item.tag === COLUMN_TAG) ?? ofLink[0] ?? copied(activity, items);
  }

  /**
   * A column of ours that came along when the course was copied (AGS 2.0 §3.2.9: everything is kept but the link), or that
   * was picked and never tied to its link: it has our title, names an activity of another course or the one it was picked
   * for, and no activity of this course uses it. Taken only if it is the only one.
   */
  async function copied(
    activity: Activity,
    items: readonly ListedLineItem[],
  ): Promise<ListedLineItem | null> {
    const free = [];
    for (const item of items) {
      const isOurs = item.tag === COLUMN_TAG && item.label === labelOf(activity);
      if (!isOurs || item.resourceId === null || item.resourceLinkId !== null) continue;
      const origin = await store.activity(item.resourceId);
      if (origin !== null && origin.contextId === activity.contextId) continue;
      if (!(await isUsedInCourse(activity, item.id))) free.push(item);
    }
    return free.length === 1 ? (free[0] ?? null) : null;
  }

  async function isUsedInCourse(activity: Activity, url: string): Promise<boolean> {
    for (const other of await store.activitiesIn(activity)) {
      if ((await store.lineItem(other.id))?.url === url || other.lineItemUrl === url) return true;
    }
    return false;
  }

  async function create(
    activity: Activity,
    lineItemsUrl: string,
    { scoreMaximum, signal }: SettleOptions,
  ): Promise<Column | ServiceProblem> {
    const answer = await call({
      use: tokenUse(activity, SCOPES.lineItem),
      method: 'POST',
      url: lineItemsUrl,
      accept: MEDIA_TYPES.lineItem,
      content: {
        type: MEDIA_TYPES.lineItem,
        body: JSON.stringify({
          label: labelOf(activity),
          scoreMaximum,
          resourceId: activity.id,
          tag: COLUMN_TAG,
          resourceLinkId: activity.resourceLinkId,
        }),
      },
      ...(signal && { signal }),
    });
    if (answer.kind === 'problem') return answer;
    if (answer.kind === 'response' && answer.status >= 200 && answer.status < 300) {
      const created = lineItem.safeParse(readJson(answer.body));
      if (created.success) return columnAt(activity, created.data.id);
    } else {
      const problem = problemOf(answer, 'column-refused', now());
      const wasNotDone = problem.lasting || problem.error.status === 429 || problem.error.status === 401;
      if (wasNotDone) return problem;
    }
    // It may have been created all the same: look again, and never create twice in one go.
    const found = await find(activity, lineItemsUrl, signal);
    return found?.kind === 'column'
      ? found
      : passingProblem('lms-unavailable', null, 'line item: answer lost', LOST_CREATE_WAIT_MS);
  }

  async function exists(
    activity: Activity,
    url: string,
    signal?: AbortSignal,
  ): Promise<'yes' | 'no' | 'unknown'> {
    const scope = [SCOPES.lineItemReadOnly, SCOPES.lineItem].find((one) => activity.scopes.includes(one));
    if (scope === undefined) return 'unknown';
    const answer = await call({
      use: tokenUse(activity, scope),
      method: 'GET',
      url,
      accept: MEDIA_TYPES.lineItem,
      ...(signal && { signal }),
    });
    if (answer.kind !== 'response') return 'unknown';
    if (answer.status === 404 || answer.status === 410) return 'no';
    return answer.status >= 200 && answer.status < 300 ? 'yes' : 'unknown';
  }

  return { settle, exists };
}

function column(url: string): Column {
  return { kind: 'column', url };
}

/** A column elsewhere is not used, and no second one is made in its place. */
function columnAt(activity: Activity, url: string): Column | ServiceProblem {
  return isOfLaunch(url, activity) ? column(url) : lastingProblem('address-refused');
}

function labelOf(activity: Activity): string {
  return [...activity.title].slice(0, LABEL_LENGTH).join('') || 'SHSM';
}

/** Items that are not understood are passed over: they are not ours. */
function readLineItems(body: unknown): readonly ListedLineItem[] | null {
  if (!Array.isArray(body)) return null;
  return body.flatMap((entry) => {
    const item = lineItem.safeParse(entry);
    return item.success ? [item.data] : [];
  });
}
