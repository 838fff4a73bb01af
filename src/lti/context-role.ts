import type { Role } from '../domain/person.ts';

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';

const ROLES: Readonly<Record<string, Role>> = {
  Instructor: 'teacher',
  Administrator: 'administrator',
  Learner: 'student',
};
/** Of several, the first: who teaches the course reviews it, whatever else they are. */
const ORDER: readonly Role[] = ['teacher', 'administrator', 'student'];

/**
 * What a person may do in the course, from the roles claim (LTI Core §5.3.7 and A.2.3). Only context roles count, their
 * sub-roles included, and the deprecated short names; institution and system roles, Mentor and unknown roles grant nothing.
 */
export function contextRole(claim: readonly string[]): Role | null {
  const held = new Set(claim.map(roleOf));
  return ORDER.find((role) => held.has(role)) ?? null;
}

function roleOf(uri: string): Role | null {
  if (Object.hasOwn(ROLES, uri)) return ROLES[uri] ?? null;
  if (!uri.startsWith(MEMBERSHIP)) return null;
  const [, principal] = /^(?:#|\/)([A-Za-z]+)(?:#[A-Za-z]+)?$/.exec(uri.slice(MEMBERSHIP.length)) ?? [];
  return principal !== undefined && Object.hasOwn(ROLES, principal) ? (ROLES[principal] ?? null) : null;
}
