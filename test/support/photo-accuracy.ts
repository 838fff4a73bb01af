import type { CredentialReport } from '../../src/domain/credential.ts';
import type { Shot } from './certificate-photos.ts';

export const FIELDS = ['title', 'person', 'issuedOn', 'expiresOn', 'hours', 'number'] as const;
export type Field = (typeof FIELDS)[number];

/** Which fields of a photographed certificate were read right: letter for letter, but for case and white space. */
export function compare(shot: Shot, { credential }: CredentialReport): Readonly<Record<Field, boolean>> {
  const read: Record<Field, string | number | null> = {
    title: credential.name,
    person: credential.recipient.name,
    issuedOn: credential.issuedOn,
    expiresOn: credential.expiresOn,
    hours: credential.hours,
    number: credential.certificateNumber,
  };
  const plain = (value: string | number | null) =>
    String(value ?? '')
      .toLowerCase()
      .replace(/\s+/g, '');
  const right = FIELDS.map((field) => [field, plain(read[field]) === plain(shot.facts[field])]);
  return Object.fromEntries(right) as Record<Field, boolean>;
}

/** The share of right answers by field, in percent; the two dates together are `dates`. */
export function shares(all: readonly Readonly<Record<Field, boolean>>[]): Readonly<Record<string, number>> {
  const percent = (right: number, of: number) => Math.round((right / Math.max(1, of)) * 1000) / 10;
  const count = (field: Field) => all.filter((one) => one[field]).length;
  return {
    ...Object.fromEntries(FIELDS.map((field) => [field, percent(count(field), all.length)])),
    dates: percent(count('issuedOn') + count('expiresOn'), all.length * 2),
  };
}
