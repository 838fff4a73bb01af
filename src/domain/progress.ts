import type { Day } from './instant.ts';
import type { Rules, SectorLine } from './sector.ts';
import type { Submission } from './submission.ts';

/** `expiring`: met, but the certificate ends within `EXPIRING_DAYS`, before graduation, or has ended. `flagged`: met, but revoked since. */
export type LineStatus = 'met' | 'expiring' | 'flagged' | 'waiting' | 'missing';

export type ProgressLine = SectorLine & {
  readonly lineStatus: LineStatus;
  /** The submission that fills it, or waits to; null when missing. */
  readonly submissionId: string | null;
  readonly expiresOn: Day | null;
};

/** How far a student is with a sector's list. Numbers that the rules do not know stay null; they are never guessed. */
export type Progress = {
  readonly sectorId: string;
  /** Every compulsory line, then electives that are met or waiting, then the open ones, list before candidates. */
  readonly lines: readonly ProgressLine[];
  readonly compulsory: { readonly met: number; readonly required: number | null };
  readonly electives: { readonly met: number; readonly required: number | null };
  /** Lines that count: compulsory met plus electives met up to their required number. */
  readonly metTotal: number;
  readonly requiredTotal: number | null;
  /** 0 to 100, whole; null while the total is not known. */
  readonly percentage: number | null;
  /** Accepted badges that stand beside the list. */
  readonly supplementary: readonly string[];
  /** What a teacher accepted for a line that the rules have dropped since: kept in sight, and not counted. */
  readonly dropped: readonly { readonly submissionId: string; readonly certificationId: string }[];
  readonly next: {
    /** Compulsory lines that nothing fills or waits for. */
    readonly compulsory: readonly string[];
    /** Compulsory lines that the ministry's list has and ours does not name; null when even their number is not known. */
    readonly compulsoryNotKnown: number | null;
    readonly electivesLeft: number | null;
  };
};

const EXPIRING_DAYS = 90;
const DAY_MS = 86_400_000;

export type ProgressQuestion = {
  readonly rules: Rules;
  readonly sectorId: string;
  /** Of one student in one course. */
  readonly submissions: readonly Submission[];
  readonly today: Day;
  /** null where nobody said so. */
  readonly graduatesOn: Day | null;
};

/**
 * A line counts once, however often it is filled; only what a teacher accepted counts, and goes on counting after the badge
 * was revoked until the teacher decides again.
 */
export function studentProgress(question: ProgressQuestion): Progress {
  const sector = question.rules.sectors.find((candidate) => candidate.id === question.sectorId);
  const ofSector = question.submissions.filter((submission) => submission.sectorId === question.sectorId);
  const accepted = ofSector.filter((submission) => submission.state === 'accepted');
  const lines = (sector?.lines ?? []).map((line) => progressLine(line, ofSector, question));
  const held = lines.filter((line) => line.lineStatus !== 'missing' && line.lineStatus !== 'waiting');
  const asCompulsory = held.filter((line) => countsAsCompulsory(line, accepted)).length;
  const compulsoryRequired = sector?.compulsoryCount ?? null;
  const electivesRequired = sector?.electivesToChoose ?? null;
  const compulsoryMet = Math.min(asCompulsory, compulsoryRequired ?? Number.POSITIVE_INFINITY);
  const electivesMet = held.length - asCompulsory;
  const metTotal = compulsoryMet + Math.min(electivesMet, electivesRequired ?? Number.POSITIVE_INFINITY);
  const requiredTotal = sector?.total ?? null;
  const named = lines.filter((line) => line.role === 'compulsory');
  return {
    sectorId: question.sectorId,
    lines: lines.toSorted((a, b) => rank(a) - rank(b)),
    compulsory: { met: compulsoryMet, required: compulsoryRequired },
    electives: { met: electivesMet, required: electivesRequired },
    metTotal,
    requiredTotal,
    percentage:
      requiredTotal === null || requiredTotal === 0
        ? null
        : Math.floor((Math.min(metTotal, requiredTotal) / requiredTotal) * 100),
    supplementary: accepted
      .filter((submission) => submission.decision?.lines.length === 0)
      .map((submission) => submission.id),
    dropped: accepted.flatMap((submission) =>
      (submission.decision?.lines ?? [])
        .filter((id) => !lines.some((line) => line.certificationId === id))
        .map((certificationId) => ({ submissionId: submission.id, certificationId })),
    ),
    next: {
      compulsory: named.filter((line) => line.lineStatus === 'missing').map((line) => line.certificationId),
      compulsoryNotKnown: compulsoryRequired === null ? null : Math.max(compulsoryRequired - named.length, 0),
      electivesLeft: electivesRequired === null ? null : Math.max(electivesRequired - electivesMet, 0),
    },
  };
}

/** Where the sources do not say what a line is, the teacher who accepted it does. */
function countsAsCompulsory(line: ProgressLine, accepted: readonly Submission[]): boolean {
  if (line.role !== 'unknown') return line.role === 'compulsory';
  const filling = accepted.find((submission) => submission.id === line.submissionId);
  return filling?.decision?.placement === 'compulsory';
}

function progressLine(
  line: SectorLine,
  submissions: readonly Submission[],
  { today, graduatesOn }: ProgressQuestion,
): ProgressLine {
  const filling = submissions
    .filter(
      (submission) =>
        submission.state === 'accepted' && submission.decision?.lines.includes(line.certificationId),
    )
    .toSorted((a, b) => lastDay(b).localeCompare(lastDay(a)))[0];
  if (filling !== undefined) {
    const expiresOn = filling.credential?.credential.expiresOn ?? null;
    const soon =
      expiresOn !== null &&
      (Date.parse(expiresOn) - Date.parse(today) < EXPIRING_DAYS * DAY_MS ||
        (graduatesOn !== null && expiresOn < graduatesOn));
    const lineStatus = filling.credential?.outcome === 'revoked' ? 'flagged' : soon ? 'expiring' : 'met';
    return { ...line, lineStatus, submissionId: filling.id, expiresOn };
  }
  const waiting = submissions.find(
    (submission) =>
      submission.state === 'submitted' &&
      [submission.placement?.certification, ...(submission.placement?.also ?? [])].includes(
        line.certificationId,
      ),
  );
  return waiting === undefined
    ? { ...line, lineStatus: 'missing', submissionId: null, expiresOn: null }
    : {
        ...line,
        lineStatus: 'waiting',
        submissionId: waiting.id,
        expiresOn: waiting.credential?.credential.expiresOn ?? null,
      };
}

/** The certificate that lasts longest fills the line; one without an end lasts. */
function lastDay(submission: Submission): Day {
  return submission.credential?.credential.expiresOn ?? '9999-12-31';
}

function rank(line: ProgressLine): number {
  if (line.role === 'compulsory') return 0;
  if (line.lineStatus !== 'missing') return 1;
  return line.layer === 'candidate' ? 3 : 2;
}
