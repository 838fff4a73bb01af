import { createHash } from 'node:crypto';
import type { Locale, Say } from '../domain/local-text.ts';
import type { Member } from '../domain/person.ts';

/**
 * What a student is called on a teacher's pages. Where the LMS shares no names, four signs tell students apart: they stay
 * the same on every page and in every course of the platform, and say nothing about the person.
 */
export function studentName(
  { say, locale }: { readonly say: Say; readonly locale: Locale },
  member: Pick<Member, 'name'> | null,
  of: Pick<Member, 'platformId' | 'userId'>,
): string {
  if (member !== null && member.name !== null) return member.name;
  const code = createHash('sha256')
    .update(JSON.stringify([of.platformId, of.userId]))
    .digest('hex');
  return say(locale, 'teacher.pseudonym', { code: code.slice(0, 4).toUpperCase() });
}
