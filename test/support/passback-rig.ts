import type { Activity } from '../../src/domain/activity.ts';
import type { DesiredScore, GradebookCell } from '../../src/domain/gradebook.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { createReadResults } from '../../src/lti/results.ts';
import { createSendScore } from '../../src/lti/scores.ts';
import { createServiceCall } from '../../src/lti/service-call.ts';
import { createServiceHttp } from '../../src/lti/service-http.ts';
import { createAccessTokens } from '../../src/lti/tokens.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { aDesiredScore, aMember, anActivity, anAuditEvent, aPlatform, aSubmission } from './build.ts';
import type { GradePlatform } from './grade-platform.ts';

/** The whole way from a decision in the store to the gradebooks of `platforms`, wired as the product wires it. */
export function createPassbackRig(
  platforms: Readonly<Record<string, GradePlatform>>,
  options: { now: () => number; timeoutMs?: number; path?: string; store?: Store },
) {
  const { now } = options;
  const store = options.store ?? openSqliteStore({ path: options.path ?? ':memory:' });
  const newId = () => crypto.randomUUID();
  const http = createServiceHttp({ version: '0', production: false, timeoutMs: options.timeoutMs ?? 400 });
  const tokens = createAccessTokens({
    http,
    identityOf: async (id) => platforms[id]?.identity ?? null,
    now,
    newId,
  });
  const call = createServiceCall({ http, tokens });

  return {
    store,
    call,
    newId,
    sendScore: createSendScore({ store, call, now, newId }),
    readResults: createReadResults({ store, call, now }),
    addPlatforms: async () => {
      for (const [id, { origin, identity }] of Object.entries(platforms)) {
        const { clientId, tokenUrl, audience } = identity;
        await store.addPlatform(
          aPlatform({ id, issuer: origin, clientId, tokenUrl, audience }),
          audit(newId()),
        );
      }
    },
    /** An activity as a launch brings it, with every service offered and no column yet. */
    launch: async (platformId: string, over: Partial<Activity> = {}): Promise<Activity> => {
      const platform = platforms[platformId];
      const activity = anActivity({
        id: newId(),
        platformId,
        lineItemUrl: null,
        lineItemsUrl: platform?.lineItemsUrl ?? null,
        membershipsUrl: platform?.membershipsUrl ?? null,
        scopes: platform?.settings.scopes ?? [],
        ...over,
      });
      const { deploymentId, contextId } = activity;
      return store.recordLaunch(activity, aMember({ platformId, deploymentId, contextId }));
    },
    /** A decision: writes the state that the student's cell should reach. */
    decide: async (
      activity: Activity,
      userId: string,
      score: Partial<DesiredScore> = {},
    ): Promise<GradebookCell> => {
      const known = await store.cell({ activityId: activity.id, userId });
      const { platformId, deploymentId, contextId, id: activityId } = activity;
      const saved = await store.saveSubmission(
        {
          submission: aSubmission({ id: newId(), activityId, platformId, deploymentId, contextId, userId }),
          fromVersion: 0,
          evidence: null,
          score: { desired: aDesiredScore(score), fromVersion: known?.desiredVersion ?? 0 },
          audit: null,
        },
        now(),
      );
      if (saved !== 'saved') throw new Error(saved);
      return cellOf(store, activityId, userId);
    },
    cell: (activity: Activity, userId: string) => cellOf(store, activity.id, userId),
  };
}

async function cellOf(store: Store, activityId: string, userId: string): Promise<GradebookCell> {
  const cell = await store.cell({ activityId, userId });
  if (cell === null) throw new Error(`no cell of ${userId}`);
  return cell;
}

function audit(id: string) {
  return anAuditEvent({ id, action: 'platform.added', subject: id });
}
