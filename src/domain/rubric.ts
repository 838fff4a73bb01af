import type { LocalText } from './local-text.ts';

/** A criterion with its levels from weakest to strongest; `points` of a level count towards the score. */
export type RubricCriterion = {
  readonly id: string;
  readonly name: LocalText;
  readonly levels: readonly {
    readonly points: number;
    readonly name: LocalText;
    readonly description: LocalText;
  }[];
};

export type Rubric = { readonly id: string; readonly criteria: readonly RubricCriterion[] };

/** Points chosen, by criterion id. */
export type RubricMarks = Readonly<Record<string, number>>;

/** Share of the rubric's points that was reached, 0 to 1; null unless every criterion has a mark it offers. */
export function rubricShare(rubric: Rubric, marks: RubricMarks): number | null {
  let reached = 0;
  let possible = 0;
  for (const criterion of rubric.criteria) {
    const chosen = marks[criterion.id];
    const offered = criterion.levels.map((level) => level.points);
    if (chosen === undefined || !offered.includes(chosen)) return null;
    reached += chosen;
    possible += Math.max(...offered);
  }
  return possible === 0 ? null : reached / possible;
}
