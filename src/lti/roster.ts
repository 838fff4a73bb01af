import { z } from 'zod';
import type { Activity } from '../domain/activity.ts';
import type { Now } from '../domain/instant.ts';
import type { SeenMember } from '../domain/person.ts';
import type { FetchRoster } from '../domain/ports/roster.ts';
import { SCOPES, tokenUse, withQuery } from './ags.ts';
import { contextRole } from './context-role.ts';
import { type PagedList, pagedList } from './paged-list.ts';
import type { ServiceCall } from './service-call.ts';
import { lastingProblem, type ServiceProblem } from './service-problem.ts';

const MEDIA_TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
/** A hint; the platform decides. */
const PAGE_SIZE = '100';
const LONGEST_NAME = 255;

const text = z.string().trim().min(1).max(LONGEST_NAME).nullish().catch(null);
const membership = z.object({
  user_id: z.union([z.string().min(1).max(255), z.number().transform(String)]),
  roles: z.preprocess(
    (roles) => [roles].flat().filter((role) => typeof role === 'string'),
    z.array(z.string()),
  ),
  /** Active unless it says otherwise; `Deleted` comes only with differences (NRPS 2.0 §2.2). */
  status: z.string().nullish().catch(null),
  name: text,
  given_name: text,
  family_name: text,
  email: text,
  lis_person_sourcedid: text,
});
const container = z.object({ members: z.array(z.unknown()) });

/**
 * The class list of a course through all its pages (NRPS 2.0 §2). People without a role of the course are left out, and
 * names and e-mails are there only if the LMS shares them. `isComplete: false`: more people may be in the course.
 */
export function createFetchRoster(deps: {
  readonly call: ServiceCall;
  readonly now: Now;
}): (...question: Parameters<FetchRoster>) => Promise<PagedList<SeenMember> | ServiceProblem> {
  return async function fetchRoster(course, signal, onPeople) {
    const read = (entries: readonly unknown[]) => membersOf(entries, course, deps.now());
    if (course.membershipsUrl === null) return lastingProblem('no-roster-service');
    const list = await pagedList(
      deps,
      {
        use: tokenUse(course, SCOPES.roster),
        url: withQuery(course.membershipsUrl, { limit: PAGE_SIZE }),
        accept: MEDIA_TYPE,
        ...(signal && { signal }),
      },
      (body) => {
        const page = container.safeParse(body);
        return page.success ? page.data.members : null;
      },
      async (entries) => onPeople?.(read(entries)),
    );
    return list.kind === 'problem' ? list : { ...list, items: read(list.items) };
  };
}

/** Someone who is listed twice is as the later entry says. */
function membersOf(
  entries: readonly unknown[],
  course: Parameters<typeof readMember>[1],
  now: number,
): readonly SeenMember[] {
  const members = new Map<string, SeenMember>();
  for (const entry of entries) {
    const member = readMember(entry, course, now);
    if (member !== null) members.set(member.userId, member);
  }
  return [...members.values()];
}

function readMember(
  entry: unknown,
  { platformId, deploymentId, contextId }: Pick<Activity, 'platformId' | 'deploymentId' | 'contextId'>,
  now: number,
): SeenMember | null {
  const read = membership.safeParse(entry);
  if (!read.success) return null;
  const { user_id: userId, roles, status, name, given_name: given, family_name: family, email } = read.data;
  const role = contextRole(roles);
  if (role === null) return null;
  const parts = [given, family].filter((part) => part != null);
  return {
    platformId,
    deploymentId,
    contextId,
    userId,
    role,
    name: name ?? (parts.length > 0 ? parts.join(' ') : null),
    email: email ?? null,
    studentNumber: read.data.lis_person_sourcedid ?? null,
    status: ['inactive', 'deleted'].includes(status?.toLowerCase() ?? '') ? 'departed' : 'active',
    lastSeenAt: now,
  };
}
