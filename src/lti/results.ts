import { z } from 'zod';
import type { Activity } from '../domain/activity.ts';
import type { GradebookResult } from '../domain/gradebook.ts';
import type { Now } from '../domain/instant.ts';
import type { GradebookStore } from '../domain/ports/gradebook-store.ts';
import { below, MEDIA_TYPES, SCOPES, tokenUse, withQuery } from './ags.ts';
import { type PagedList, pagedList } from './paged-list.ts';
import type { ServiceCall } from './service-call.ts';
import { lastingProblem, type ServiceProblem } from './service-problem.ts';

/** The results of an activity's column, all of them or those of one student (AGS 2.0 §3.3). */
export type ReadResults = (
  activity: Activity,
  options?: { readonly userId?: string; readonly signal?: AbortSignal },
) => Promise<PagedList<GradebookResult> | ServiceProblem>;

const result = z.object({
  userId: z.union([z.string(), z.number().transform(String)]),
  resultScore: z.number().nullish(),
  resultMaximum: z.number().nullish(),
  comment: z.string().nullish(),
});

export function createReadResults(deps: {
  readonly store: Pick<GradebookStore, 'lineItem'>;
  readonly call: ServiceCall;
  readonly now: Now;
}): ReadResults {
  return async function readResults(activity, { userId, signal } = {}) {
    if (!activity.scopes.includes(SCOPES.result)) return lastingProblem('service-not-allowed');
    const url = (await deps.store.lineItem(activity.id))?.url ?? activity.lineItemUrl;
    if (url === null) return lastingProblem('column-missing');
    return pagedList(
      deps,
      {
        use: tokenUse(activity, SCOPES.result),
        url: withQuery(below(url, 'results'), userId === undefined ? {} : { user_id: userId }),
        accept: MEDIA_TYPES.results,
        ...(signal && { signal }),
      },
      readPage,
    );
  };
}

function readPage(body: unknown): readonly GradebookResult[] | null {
  if (!Array.isArray(body)) return null;
  return body.flatMap((entry) => {
    const one = result.safeParse(entry);
    if (!one.success) return [];
    const { userId, resultScore, resultMaximum, comment } = one.data;
    return [{ userId, score: resultScore ?? null, maximum: resultMaximum ?? null, comment: comment ?? null }];
  });
}
