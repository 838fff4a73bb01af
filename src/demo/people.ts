import type { InBoth, Locale } from './locale.ts';
import { ROLES } from './vocabulary.ts';

export type Person = {
  readonly id: string;
  readonly kind: 'student' | 'teacher' | 'administrator';
  readonly givenName: InBoth;
  readonly familyName: InBoth;
  readonly email: string;
};

const GIVEN_NAMES: Readonly<Record<Person['kind'], InBoth>> = {
  student: { en: 'Student', fr: 'Élève' },
  teacher: { en: 'Teacher', fr: 'Enseignant' },
  administrator: { en: 'Administrator', fr: 'Administration' },
};

const ORDINALS: readonly InBoth[] = [
  { en: 'One', fr: 'Un' },
  { en: 'Two', fr: 'Deux' },
  { en: 'Three', fr: 'Trois' },
];

/** A teacher and as many students as asked for, with names that belong to nobody. */
export function createPeople(studentCount: number): readonly Person[] {
  return [
    person('student', 1),
    ...Array.from({ length: studentCount - 1 }, (_, i) => person('student', i + 2)),
    person('teacher', 1),
  ];
}

/** Looks after the LMS and is on no class list. */
export const ADMINISTRATOR: Person = person('administrator', 1);

function person(kind: Person['kind'], number: number): Person {
  const ordinal = ORDINALS[number - 1] ?? { en: String(number), fr: String(number) };
  return {
    id: `${kind}-${number}`,
    kind,
    givenName: GIVEN_NAMES[kind],
    familyName: ordinal,
    email: `${kind}.${ordinal.en.toLowerCase()}@demo.invalid`,
  };
}

export function fullName(person: Person, locale: Locale): string {
  return `${person.givenName[locale]} ${person.familyName[locale]}`;
}

export function rolesOf(person: Person): readonly string[] {
  return [ROLES[person.kind].inCourse, ROLES[person.kind].inSchool];
}

/** What the LMS's privacy switch lets a tool know of people. */
export type Privacy = 'everything' | 'names-only' | 'email-only' | 'nothing';

/** The claims about a person that the privacy switch lets through (OIDC Core §5.1, NRPS 2.0 §2.2). */
export function identityClaims(person: Person, privacy: Privacy, locale: Locale): Record<string, string> {
  const names = {
    name: fullName(person, locale),
    given_name: person.givenName[locale],
    family_name: person.familyName[locale],
  };
  const email = { email: person.email };
  return {
    everything: { ...names, ...email },
    'names-only': names,
    'email-only': email,
    nothing: {},
  }[privacy];
}
