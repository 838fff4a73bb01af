import type { Confidence, CredentialFacts } from '../domain/credential.ts';
import { findDates, fold } from './certificate-dates.ts';
import type { Certificate, Line, Proposal } from './certificate-text.ts';
import { readHours } from './hours.ts';

const FIELD_OF: Readonly<Record<keyof Proposal, keyof CredentialFacts>> = {
  title: 'name',
  person: 'recipient',
  issuer: 'issuer',
  issuedOn: 'issuedOn',
  expiresOn: 'expiresOn',
  hours: 'hours',
  certificateNumber: 'certificateNumber',
};
/** What stands beside its own label is as sure as words can make it; the only date or the biggest line is a good guess. */
const STATED = 0.95;
const GUESSED = 0.6;

/**
 * How sure each proposed field is, from 0 to 1: how it was found, times how well the letters it was read from are known.
 * Letters of a PDF's own text are known.
 */
export function confidenceOf({ proposal, stated }: Certificate, lines: readonly Line[]): Confidence {
  const fields = (Object.keys(FIELD_OF) as (keyof Proposal)[]).filter((field) => proposal[field] !== null);
  return Object.fromEntries(
    fields.map((field) => {
      const found = stated.has(field) ? STATED : GUESSED;
      return [FIELD_OF[field], Math.round(found * letters(field, proposal, lines) * 100) / 100];
    }),
  );
}

/** The least sure word that the value was read from; 1 where words have no certainty of their own. */
function letters(field: keyof Proposal, proposal: Proposal, lines: readonly Line[]): number {
  const line = lines.find((one) => holds(one.text, field, proposal));
  const value = proposal[field];
  const parts = typeof value === 'string' ? fold(value).split(/\s+/) : [];
  const isText = field !== 'issuedOn' && field !== 'expiresOn' && field !== 'hours';
  const words = (line?.words ?? []).filter(({ text }) =>
    isText ? parts.some((part) => fold(text).includes(part)) : /[\p{L}\d]/u.test(text),
  );
  return words.length === 0 ? 1 : Math.min(...words.map(({ certainty }) => certainty)) / 100;
}

function holds(text: string, field: keyof Proposal, proposal: Proposal): boolean {
  const value = proposal[field];
  if (field === 'issuedOn' || field === 'expiresOn') return findDates(text).some(({ day }) => day === value);
  if (field === 'hours') return readHours(text) === value;
  return typeof value === 'string' && fold(text.replace(/\s+/g, ' ')).includes(fold(value));
}
