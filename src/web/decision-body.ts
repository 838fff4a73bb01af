import { z } from 'zod';
import type { QualityKnown } from '../domain/placement.ts';
import type { Rubric } from '../domain/rubric.ts';
import type { Submission } from '../domain/submission.ts';
import type { DecisionForm } from '../services/review-submission.ts';
import { readBody, textField } from './form-body.ts';
import { proposedLines } from './submission-view.ts';

const body = z
  .object({
    version: z.coerce.number().int(),
    outcome: z.enum(['accepted', 'returned']).nullable().default(null),
    counts: z.enum(['proposed', 'line', 'supplementary', 'other-component']).nullable().default(null),
    line: textField,
    comment: textField,
  })
  .catchall(z.string());

/** The teacher's form as it was filled in, to show it again where it was not accepted. */
export type FilledDecision = {
  readonly counts: string | null;
  readonly line: string;
  readonly comment: string;
  /** Chosen points by criterion id. */
  readonly marks: Readonly<Record<string, number>>;
  /** Chosen answers by the item of the checklist. */
  readonly quality: QualityKnown;
};

/** Reads the teacher's decision; `proposed` stands for the lines that the machine proposes. */
export function readDecisionForm(
  posted: unknown,
  rubric: Rubric,
): {
  readonly version: number;
  readonly filled: FilledDecision;
  readonly formFor: (submission: Submission) => DecisionForm;
} {
  const { version, outcome, counts, line, comment, ...rest } = readBody(body, posted);
  const marks = Object.fromEntries(
    rubric.criteria.flatMap(({ id }) => {
      const points = Number(rest[`marks-${id}`] ?? Number.NaN);
      return Number.isFinite(points) ? [[id, points]] : [];
    }),
  );
  const quality = Object.fromEntries(
    Object.entries(rest).flatMap(([field, value]) => {
      const id = /^quality-([\w-]+)$/.exec(field)?.[1];
      return id !== undefined && (value === 'yes' || value === 'no') ? [[id, value] as const] : [];
    }),
  );
  return {
    version,
    filled: { counts, line, comment, marks, quality },
    formFor: (submission) => ({
      outcome,
      counts: counts === 'proposed' || counts === 'line' ? 'lines' : counts,
      lines:
        counts === 'proposed'
          ? proposedLines(submission.placement)
          : counts === 'line' && line !== ''
            ? [line]
            : [],
      marks,
      quality,
      comment,
    }),
  };
}
