import type { Day } from '../domain/instant.ts';
import type { SubmissionInput, TypedFacts, TypedText } from '../domain/submission.ts';
import type { FieldProblem } from './deps.ts';

/** What came from the form, as it was typed. */
export type SubmissionForm = {
  readonly way: SubmissionInput['way'];
  readonly address: string;
  readonly typed: TypedText;
  readonly reflection: string;
  readonly file: { readonly fileName: string; readonly bytes: Uint8Array } | null;
  /** The student was told that the badge cannot be checked now and hands it in all the same. */
  readonly anyway: boolean;
};

export const LIMITS = { address: 2_000, title: 300, issuer: 300, number: 100, reflection: 20_000 } as const;

const problem = (field: string, key: string, params: FieldProblem['params'] = {}): FieldProblem => ({
  field,
  key: `problems.${key}`,
  params,
});

/** What must be mended before a badge can be handed in; `hasFile` counts one kept from an earlier draft. */
export function formProblems(form: SubmissionForm, hasFile: boolean, today: Day): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (form.way === 'address') problems.push(...addressProblems(form.address));
  if (form.way === 'file' && !hasFile) problems.push(problem('file', 'file-missing'));
  if (form.way === 'typed') {
    if (form.typed.title.trim() === '') problems.push(problem('title', 'title-missing'));
    if (form.typed.issuer.trim() === '') problems.push(problem('issuer', 'issuer-missing'));
    if (!hasFile) problems.push(problem('file', 'proof-missing'));
  }
  if (form.way !== 'address') problems.push(...typedProblems(form.typed, today));
  if (form.reflection.trim() === '') problems.push(problem('reflection', 'reflection-missing'));
  if (form.reflection.length > LIMITS.reflection)
    problems.push(problem('reflection', 'reflection-long', { limit: LIMITS.reflection }));
  return problems;
}

function addressProblems(address: string): FieldProblem[] {
  const text = address.trim();
  if (text === '') return [problem('address', 'address-missing')];
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || text.length > LIMITS.address)
    return [problem('address', 'address-form')];
  return [];
}

function typedProblems(typed: TypedText, today: Day): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const issuedOn = dayOf(typed.issuedOn);
  const expiresOn = dayOf(typed.expiresOn);
  if (issuedOn === 'unclear') problems.push(problem('issuedOn', 'date-form'));
  else if (issuedOn !== null && issuedOn > today) problems.push(problem('issuedOn', 'date-future'));
  if (expiresOn === 'unclear') problems.push(problem('expiresOn', 'date-form'));
  else if (expiresOn !== null && issuedOn !== null && issuedOn !== 'unclear' && expiresOn < issuedOn)
    problems.push(problem('expiresOn', 'date-order'));
  if (hoursOf(typed.hours) === 'unclear') problems.push(problem('hours', 'hours-form'));
  if (typed.title.length > LIMITS.title) problems.push(problem('title', 'too-long', { limit: LIMITS.title }));
  if (typed.issuer.length > LIMITS.issuer)
    problems.push(problem('issuer', 'too-long', { limit: LIMITS.issuer }));
  if (typed.certificateNumber.length > LIMITS.number)
    problems.push(problem('certificateNumber', 'too-long', { limit: LIMITS.number }));
  return problems;
}

/** Only for a form without problems: what could not be understood is left out. */
export function typedFacts(typed: TypedText): TypedFacts {
  const known = <T>(value: T | 'unclear' | null): T | null => (value === 'unclear' ? null : value);
  return {
    title: typed.title.trim(),
    issuer: typed.issuer.trim(),
    issuedOn: known<Day>(dayOf(typed.issuedOn)),
    expiresOn: known<Day>(dayOf(typed.expiresOn)),
    hours: known<number>(hoursOf(typed.hours)),
    certificateNumber: typed.certificateNumber.trim(),
  };
}

/** `YYYY-MM-DD`, as date fields send it and the hint asks for where there is none. */
function dayOf(text: string): Day | 'unclear' | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(trimmed);
  if (match === null) return 'unclear';
  const date = new Date(`${trimmed}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== trimmed || trimmed < '1950'
    ? 'unclear'
    : trimmed;
}

/** Hours with a point or, as in French, a comma. */
export function hoursOf(text: string): number | 'unclear' | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  const hours = Number(trimmed);
  return /^\d{1,4}(\.\d{1,2})?$/.test(trimmed) && hours > 0 ? hours : 'unclear';
}
