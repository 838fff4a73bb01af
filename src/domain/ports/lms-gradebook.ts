import type { Activity } from '../activity.ts';
import type { DeliveryError, DeliveryResult, GradebookCell, GradebookResult } from '../gradebook.ts';

/** Reads the column of an activity from the LMS gradebook. Never throws on what the LMS answers. */
export type ReadGradebook = (activity: Activity) => Promise<
  | {
      readonly kind: 'list';
      readonly items: readonly GradebookResult[];
      /** False when the LMS did not let it be read to its end. */
      readonly isComplete: boolean;
    }
  | { readonly kind: 'problem'; readonly error: DeliveryError }
>;

/** Sends one cell to the LMS. Never throws on what the LMS answers. */
export type SendScore = (cell: GradebookCell) => Promise<DeliveryResult>;
