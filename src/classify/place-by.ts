import type { Say } from '../domain/local-text.ts';
import type { PlacementReport } from '../domain/placement.ts';
import type { QualityItem, Rules } from '../domain/sector.ts';
import { type PlaceQuestion, place } from './place.ts';

export type PlaceMeans = {
  readonly rules: Rules;
  readonly quality: readonly QualityItem[];
  readonly say: Say;
};

/** `place` bound to the rules and words of this installation. */
export function placeBy(
  means: PlaceMeans,
): (question: Omit<PlaceQuestion, keyof PlaceMeans>) => PlacementReport {
  return (question) => place({ ...question, ...means });
}
