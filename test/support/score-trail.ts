import type { Gradebook, Score } from '../../src/demo/gradebook.ts';

/** Every score that reaches the gradebook from now on, also those without effect. */
export function trailOf(gradebook: Gradebook): readonly Score[] {
  const trail: Score[] = [];
  const { record } = gradebook;
  const noted: Gradebook['record'] = (lineItemId, score, compareSeconds) => {
    trail.push(score);
    return record(lineItemId, score, compareSeconds);
  };
  Object.assign(gradebook, { record: noted });
  return trail;
}

/**
 * What AGS 2.0 §3.4.9 asks of the scores of one student: times never fall, and one time stands for one state only. Returns
 * what breaks that.
 */
export function brokenTimes(trail: readonly Score[]): readonly string[] {
  return [...Map.groupBy(trail, (score) => score.userId)].flatMap(([userId, scores]) =>
    scores.flatMap((score, at) => {
      const before = scores[at - 1];
      if (before === undefined || score.timestamp > before.timestamp) return [];
      const isRetry = JSON.stringify(score) === JSON.stringify(before);
      return isRetry ? [] : [`${userId}: ${JSON.stringify(before)} then ${JSON.stringify(score)}`];
    }),
  );
}
