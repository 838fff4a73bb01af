import type { Activity, ActivitySettings } from '../domain/activity.ts';
import type { Launch } from '../domain/launch.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Viewer } from '../domain/person.ts';
import { createActivitySettings, readSettings } from './activity-settings.ts';
import type { ServiceDeps } from './deps.ts';
import { historyOfLink, settingsOfLink } from './link-parameters.ts';

export type OpenedActivity =
  | { readonly kind: 'open'; readonly viewer: Viewer; readonly activity: Activity }
  /** The launch is genuine, but the tool cannot be used from where it was opened. */
  | { readonly kind: 'notice'; readonly reason: 'no-course' | 'no-role' | 'no-activity' };

/** A verified launch becomes a person in an activity. Settings that the link carries are used until a teacher changes them. */
export function createOpenActivity(deps: ServiceDeps) {
  const { store, rules, now, newId } = deps;
  const { write } = createActivitySettings(deps);

  return async function openActivity(launch: Launch, fallback: Locale): Promise<OpenedActivity> {
    if (launch.context === null) return { kind: 'notice', reason: 'no-course' };
    if (launch.role === null) return { kind: 'notice', reason: 'no-role' };
    if (launch.resourceLink === null) return { kind: 'notice', reason: 'no-activity' };
    const course = {
      platformId: launch.platform.id,
      deploymentId: launch.deploymentId,
      contextId: launch.context.id,
    };
    const recorded = await store.recordLaunch(
      {
        id: newId(),
        ...course,
        resourceLinkId: launch.resourceLink.id,
        title: launch.resourceLink.title ?? '',
        contextTitle: launch.context.title,
        settings: null,
        lineItemsUrl: launch.grades?.lineItemsUrl ?? null,
        lineItemUrl: launch.grades?.lineItemUrl ?? null,
        scopes: launch.grades?.scopes ?? [],
        membershipsUrl: launch.membershipsUrl,
      },
      {
        ...course,
        userId: launch.userId,
        role: launch.role,
        name: launch.name,
        email: launch.email,
        studentNumber: launch.studentNumber,
        status: 'active',
        lastSeenAt: now(),
      },
    );
    const activity = recorded.settings === null ? await setUpBeforehand(recorded, launch) : recorded;
    const viewer: Viewer = {
      ...course,
      activityId: activity.id,
      userId: launch.userId,
      role: launch.role,
      name: launch.name,
      email: launch.email,
      locale: launch.locale ?? fallback,
    };
    return { kind: 'open', viewer, activity };
  };

  /** A copy goes on as its origin is now, not as the link once was: the origin's teacher may have changed it since. */
  async function setUpBeforehand(activity: Activity, launch: Launch): Promise<Activity> {
    const origin = await originOf(activity, launch);
    if (origin !== null) {
      const { settings } = origin;
      // Last year's due date would tell this year's students that they are late.
      const dueAt = settings.dueAt !== null && settings.dueAt < now() ? null : settings.dueAt;
      const taken = { ...settings, dueAt };
      await write(activity, taken, 'system', origin.id);
      return { ...activity, settings: taken };
    }
    const read = readSettings(settingsOfLink(launch.custom), rules);
    if ('problems' in read) return activity;
    await write(activity, read.settings, 'system');
    return { ...activity, settings: read.settings };
  }

  /**
   * The activity that this one is a copy of, by the histories of course and link; only within the same platform and
   * deployment, and only one that is set up. Settings are all that is taken over, never students' work.
   */
  async function originOf(
    activity: Activity,
    { custom }: Launch,
  ): Promise<{ readonly id: string; readonly settings: ActivitySettings } | null> {
    const { platformId, deploymentId, contextId, resourceLinkId } = activity;
    const links = [...historyOfLink(custom, 'link_history'), resourceLinkId];
    for (const course of [...historyOfLink(custom, 'context_history'), contextId]) {
      const known = await store.activitiesIn({ platformId, deploymentId, contextId: course });
      for (const link of links) {
        const { id, settings = null } = known.find((one) => one.resourceLinkId === link) ?? {};
        if (id !== undefined && settings !== null) return { id, settings };
      }
    }
    return null;
  }
}
