import type { ActivitySettings } from './activity.ts';
import { OPERATOR } from './audit.ts';
import type { DesiredScore } from './gradebook.ts';
import { type Rubric, rubricShare } from './rubric.ts';
import type { Decision, Submission } from './submission.ts';

export type DesiredScoreInput = {
  readonly settings: ActivitySettings;
  /** Every submission of one student in one activity. */
  readonly submissions: readonly Submission[];
  /** Lines met and required within what the activity covers; `required: null` where the number is not known. */
  readonly progress: { readonly met: number; readonly required: number | null };
  readonly rubric: Rubric;
  /** What the comment starts with, such as "3 of 6 certifications accepted", or null. */
  readonly progressSentence: string | null;
};

/**
 * What the gradebook cell of a student should show, or null where the cell is to be left alone (nothing was ever
 * handed in, or the activity is worth no points).
 *
 * The column stands for "hand in for review". Only `Completed` with `FullyGraded` shows in every LMS, so it is sent once
 * all that was handed in is decided; how far the record has come is said by the comment, never claimed by the column.
 */
export function desiredScore(input: DesiredScoreInput): DesiredScore | null {
  const { settings, submissions } = input;
  const handedIn = submissions.filter((s) => s.state !== 'draft' && s.state !== 'withdrawn');
  if (settings.pointsPossible <= 0) return null;
  if (handedIn.length === 0) {
    return submissions.some((s) => s.state === 'withdrawn') ? cleared(settings) : null;
  }

  const decision = newestDecision(handedIn);
  const accepted = handedIn.filter((s) => s.state === 'accepted');
  const points = accepted.length === 0 ? null : pointsFor(input, accepted);
  const cell = {
    scoreGiven: points,
    scoreMaximum: settings.pointsPossible,
    comment: [input.progressSentence, decision?.comment]
      .map((part) => part?.trim() ?? '')
      .filter((part) => part !== '')
      .join('\n'),
    scoringUserId: decision === null || decision.decidedBy === OPERATOR ? null : decision.decidedBy,
  };

  const waiting = handedIn.filter((s) => s.state === 'submitted');
  if (waiting.length > 0) {
    return {
      ...cell,
      activityProgress: 'Submitted',
      gradingProgress: 'PendingManual',
      submittedAt: newestSubmit(waiting),
      scoringUserId: points === null ? null : cell.scoringUserId,
    };
  }
  if (points !== null) {
    return {
      ...cell,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      submittedAt: newestSubmit(handedIn),
    };
  }
  if (accepted.length > 0 && settings.scoring !== 'completion') {
    // Accepted, but the rubric was not filled in: marking it is the teacher's turn, not the student's.
    return {
      ...cell,
      activityProgress: 'Submitted',
      gradingProgress: 'PendingManual',
      submittedAt: newestSubmit(handedIn),
      scoringUserId: null,
    };
  }
  return { ...cell, activityProgress: 'InProgress', gradingProgress: 'Pending', submittedAt: null };
}

/** AGS 2.0 has no delete: `Initialized` with `NotReady` and no score empties the cell. */
function cleared(settings: ActivitySettings): DesiredScore {
  return {
    scoreGiven: null,
    scoreMaximum: settings.pointsPossible,
    activityProgress: 'Initialized',
    gradingProgress: 'NotReady',
    comment: '',
    submittedAt: null,
    scoringUserId: null,
  };
}

/** Points for what was accepted, to two decimals, or null while there are none to give. */
function pointsFor(input: DesiredScoreInput, accepted: readonly Submission[]): number | null {
  const share = shareFor(input, accepted);
  return share === null
    ? null
    : Math.round((share * input.settings.pointsPossible + Number.EPSILON) * 100) / 100;
}

function shareFor(input: DesiredScoreInput, accepted: readonly Submission[]): number | null {
  const { settings, progress } = input;
  const required = progress.required === 0 ? null : progress.required;
  if (settings.scoring === 'completion') {
    // Badges that stand beside the record have no list to complete: one that is accepted is all that was asked.
    if (settings.kind === 'supplementary') return 1;
    return required !== null && progress.met >= required ? 1 : null;
  }
  if (settings.scoring === 'lines' && required !== null) return Math.min(progress.met / required, 1);
  return meanRubricShare(input.rubric, accepted);
}

/** Records that staff entered carry no marks and do not pull the mean down; null when nothing is marked. */
function meanRubricShare(rubric: Rubric, accepted: readonly Submission[]): number | null {
  const shares = accepted
    .map((s) => (s.decision === null ? null : rubricShare(rubric, s.decision.marks)))
    .filter((share) => share !== null);
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function newestDecision(submissions: readonly Submission[]): Decision | null {
  return submissions
    .map((s) => s.decision)
    .filter((decision) => decision !== null)
    .reduce<Decision | null>((newest, d) => (newest && newest.decidedAt >= d.decidedAt ? newest : d), null);
}

function newestSubmit(submissions: readonly Submission[]): number | null {
  const times = submissions.map((s) => s.submittedAt).filter((at) => at !== null);
  return times.length === 0 ? null : Math.max(...times);
}
