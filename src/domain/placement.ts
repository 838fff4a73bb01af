import type { CheckResult } from './credential.ts';

export const PLACEMENTS = [
  'compulsory',
  'elective',
  'other-component',
  'supplementary',
  'undetermined',
] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** A sentence in both languages, kept as words so that an old verdict still reads the way it was given. */
export type Reason = { readonly key: string; readonly en: string; readonly fr: string };

export type PlacementCheck = {
  readonly id: string;
  readonly result: CheckResult;
  readonly en: string;
  readonly fr: string;
};

/** One line of the quality checklist for micro-credentials. Never a score, never a pass mark. */
export type QualityAnswer = {
  readonly id: string;
  readonly answer: 'yes' | 'no' | 'not-stated';
  /** Where the answer came from. */
  readonly from: 'badge' | 'issuer-list' | 'student' | 'teacher' | 'rules';
  readonly en: string;
  readonly fr: string;
};

/** What a teacher knows of a badge that it does not say itself, by the item of the checklist. */
export type QualityKnown = Readonly<Record<string, 'yes' | 'no'>>;

/** The checklist with what the teacher knows; what the badge answers itself stays as it is. */
export function withTeacherAnswers(
  answers: readonly QualityAnswer[],
  known: QualityKnown,
): readonly QualityAnswer[] {
  return answers.map((item) => {
    const answer = item.answer === 'not-stated' ? known[item.id] : undefined;
    return answer === undefined ? item : { ...item, answer, from: 'teacher' };
  });
}

/** The placement report of the operator interface: a proposal with reasons. A teacher decides. */
export type PlacementReport = {
  readonly sector: string;
  readonly rulesVersion: string;
  readonly placement: Placement;
  readonly certification: string | null;
  readonly also: readonly string[];
  readonly match: 'named' | 'category' | 'none';
  readonly needsConfirmation: boolean;
  readonly confidence: number;
  readonly reasons: readonly Reason[];
  readonly checks: readonly PlacementCheck[];
  readonly quality: readonly QualityAnswer[];
};
