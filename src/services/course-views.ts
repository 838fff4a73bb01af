import type { Activity } from '../domain/activity.ts';
import type { Outcome } from '../domain/credential.ts';
import { AppError } from '../domain/errors.ts';
import type { GradebookCell } from '../domain/gradebook.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { PendingReading } from '../domain/pending-reading.ts';
import type { Member, Viewer } from '../domain/person.ts';
import type { QueuePage } from '../domain/ports/submission-store.ts';
import { type Progress, studentProgress } from '../domain/progress.ts';
import type { Sector } from '../domain/sector.ts';
import type { ShsmDates } from '../domain/shsm-dates.ts';
import type { Evidence, Submission, SubmissionState } from '../domain/submission.ts';
import { activityOf, courseOf, inCourse, requireRole, visibleSubmission } from './access.ts';
import type { ServiceDeps } from './deps.ts';

export type StudentHome = {
  readonly activity: Activity;
  /** null until the activity is set up. */
  readonly sector: Sector | null;
  readonly progress: Progress | null;
  readonly dates: ShsmDates | null;
  /** Of this activity, newest change first. */
  readonly submissions: readonly Submission[];
  readonly cell: GradebookCell | null;
};

/** A submission that waits to be read, or is being read. */
export type StudentReadingView = {
  readonly submission: Submission;
  readonly reading: PendingReading;
  readonly evidence: Evidence | null;
};

export type QueueRow = {
  readonly submission: Submission;
  readonly member: Member | null;
  readonly cell: GradebookCell | null;
};

export type Queue = {
  readonly rows: readonly QueueRow[];
  /** Where the next page begins; null on the last one. */
  readonly next: QueuePage['after'];
  /** Of the whole course. */
  readonly counts: Readonly<Record<SubmissionState, number>>;
  /** Accepted badges that their issuer withdrew, or that no longer check out. */
  readonly changed: readonly QueueRow[];
};

export type Review = QueueRow & {
  readonly activity: Activity;
  readonly sector: Sector | null;
  readonly evidence: Evidence | null;
  readonly progress: Progress | null;
  /** How many wait in this course, this one included. */
  readonly waiting: number;
};

export type ClassRow = {
  readonly member: Member;
  readonly progress: Progress | null;
  readonly cell: GradebookCell | null;
};

/** What an issuer may make of a badge after it was accepted. */
const WITHDRAWN: readonly Outcome[] = ['revoked', 'invalid'];
/** More of them than a page can say anything useful about. */
const MOST_CHANGED = 100;

/** What the pages show. Reads only; a course never sees another's. */
export function createCourseViews(deps: ServiceDeps) {
  const { store, rules, now, newId } = deps;

  const sectorOf = (activity: Activity): Sector | null =>
    rules.sectors.find((sector) => sector.id === activity.settings?.sectorId) ?? null;

  function progressOf(
    activity: Activity,
    submissions: readonly Submission[],
    dates: ShsmDates | null,
  ): Progress | null {
    if (activity.settings === null) return null;
    return studentProgress({
      rules,
      sectorId: activity.settings.sectorId,
      submissions,
      today: dayInOntario(now()),
      graduatesOn: dates?.graduatesOn ?? null,
    });
  }

  async function studentHome(viewer: Viewer): Promise<StudentHome> {
    requireRole(viewer, 'student');
    const [activity, inThisCourse, member, cell] = await Promise.all([
      activityOf(store, viewer),
      store.submissionsBy(courseOf(viewer), viewer.userId),
      store.member(courseOf(viewer), viewer.userId),
      store.cell({ activityId: viewer.activityId, userId: viewer.userId }),
    ]);
    const dates = member?.shsmDates ?? null;
    return {
      activity,
      sector: sectorOf(activity),
      progress: progressOf(activity, inThisCourse, dates),
      dates,
      submissions: inThisCourse.filter((submission) => submission.activityId === activity.id),
      cell,
    };
  }

  /** One submission for its student or the teacher, with its evidence's description. */
  async function submissionView(
    viewer: Viewer,
    id: string,
  ): Promise<{
    submission: Submission;
    evidence: Evidence | null;
    activity: Activity;
    sector: Sector | null;
    cell: GradebookCell | null;
  }> {
    const submission = await visibleSubmission(store, viewer, id);
    const activity = await store.activity(submission.activityId);
    if (activity === null) throw new AppError('not_found', 'errors.not_found');
    const evidenceId = submission.input.evidenceId;
    return {
      submission,
      activity,
      sector: sectorOf(activity),
      evidence: evidenceId === null ? null : await store.evidenceMeta(evidenceId),
      cell: await store.cell({ activityId: submission.activityId, userId: submission.userId }),
    };
  }

  /** The file of a submission the viewer may see. That a teacher opened it is on record. */
  async function evidenceFile(viewer: Viewer, id: string): Promise<{ meta: Evidence; bytes: Uint8Array }> {
    const found = await store.evidence(id);
    if (found === null) throw new AppError('not_found', 'errors.not_found');
    const submission = await visibleSubmission(store, viewer, found.meta.submissionId);
    if (viewer.role === 'teacher')
      await store.appendAudit({
        id: newId(),
        at: now(),
        actor: viewer.userId,
        action: 'evidence.opened',
        platformId: viewer.platformId,
        deploymentId: viewer.deploymentId,
        subject: submission.id,
        detail: { evidence: id },
      });
    return found;
  }

  /** One page of what is in `state`, and how much there is of everything. */
  async function queue(viewer: Viewer, state: SubmissionState, page: QueuePage): Promise<Queue> {
    requireRole(viewer, 'teacher');
    const course = courseOf(viewer);
    const [found, counts, changed] = await Promise.all([
      store.submissionsIn(course, state, { ...page, limit: page.limit + 1 }),
      store.countSubmissions(course),
      store.acceptedWith(course, WITHDRAWN, MOST_CHANGED),
    ]);
    const shown = found.slice(0, page.limit);
    const last = shown.at(-1);
    const isLast = found.length <= page.limit || last === undefined || last.submittedAt === null;
    const rowOf = await queueRows(viewer, [...shown, ...changed]);
    return {
      rows: shown.map(rowOf),
      next: isLast ? null : { submittedAt: last.submittedAt, id: last.id },
      counts,
      changed: changed.map(rowOf),
    };
  }

  /** Reads what belongs to these submissions and no more, however big the course is. */
  async function queueRows(
    viewer: Viewer,
    submissions: readonly Submission[],
  ): Promise<(submission: Submission) => QueueRow> {
    const userIds = [...new Set(submissions.map((submission) => submission.userId))];
    const activityIds = [...new Set(submissions.map((submission) => submission.activityId))];
    const [members, cells] = await Promise.all([
      store.members(courseOf(viewer), userIds),
      store.cells({ activityIds, userIds }),
    ]);
    return (submission) => ({
      submission,
      member: members.find((member) => member.userId === submission.userId) ?? null,
      cell: cellOf(cells, submission.activityId, submission.userId),
    });
  }

  async function review(viewer: Viewer, id: string): Promise<Review> {
    requireRole(viewer, 'teacher');
    const view = await submissionView(viewer, id);
    const { submission, activity } = view;
    const [member, theirs, counts] = await Promise.all([
      store.member(courseOf(viewer), submission.userId),
      store.submissionsBy(courseOf(viewer), submission.userId),
      store.countSubmissions(courseOf(viewer)),
    ]);
    return {
      ...view,
      member,
      progress: progressOf(activity, theirs, member?.shsmDates ?? null),
      waiting: counts.submitted,
    };
  }

  /** The activity the teacher came from. */
  async function activityView(viewer: Viewer): Promise<Activity> {
    requireRole(viewer, 'teacher');
    return activityOf(store, viewer);
  }

  /** The students of the course, also those who left. */
  async function classList(
    viewer: Viewer,
  ): Promise<{ activity: Activity; sector: Sector | null; students: readonly Member[] }> {
    const activity = await activityView(viewer);
    const members = await store.members(courseOf(viewer));
    return {
      activity,
      sector: sectorOf(activity),
      students: members.filter((member) => member.role === 'student'),
    };
  }

  /** How far these students of the course are. */
  async function classProgress(viewer: Viewer, students: readonly Member[]): Promise<readonly ClassRow[]> {
    const activity = await activityView(viewer);
    const userIds = students.filter((student) => inCourse(viewer, student)).map((student) => student.userId);
    const [submissions, cells] = await Promise.all([
      store.submissionsOf(courseOf(viewer), userIds, ['submitted', 'returned', 'accepted']),
      store.cells({ activityIds: [activity.id], userIds }),
    ]);
    const byStudent = Map.groupBy(submissions, (submission) => submission.userId);
    return students
      .filter((student) => inCourse(viewer, student))
      .map((member) => ({
        member,
        progress: progressOf(activity, byStudent.get(member.userId) ?? [], member.shsmDates),
        cell: cellOf(cells, activity.id, member.userId),
      }));
  }

  /** The course's gradebook deliveries, for the administrator. */
  async function deliveries(viewer: Viewer): Promise<readonly GradebookCell[]> {
    const activities = await store.activitiesIn(courseOf(viewer));
    return store.cells({ activityIds: activities.map((activity) => activity.id) });
  }

  /** How many others are read before it. */
  function readBefore({ pace, since }: PendingReading): Promise<number> {
    return store.readingsBefore(pace, since);
  }

  /** Makes a delivery that waits or needs attention due now. */
  async function retryDelivery(viewer: Viewer, activityId: string, userId: string): Promise<void> {
    requireRole(viewer, 'teacher');
    const activity = await store.activity(activityId);
    if (activity === null || !inCourse(viewer, activity)) throw new AppError('not_found', 'errors.not_found');
    await store.retryNow({ activityId, userId }, now());
    deps.wakePassback();
  }

  return {
    studentHome,
    submissionView,
    evidenceFile,
    queue,
    review,
    activityView,
    classList,
    classProgress,
    deliveries,
    readBefore,
    retryDelivery,
  };
}

function cellOf(cells: readonly GradebookCell[], activityId: string, userId: string): GradebookCell | null {
  return cells.find((cell) => cell.activityId === activityId && cell.userId === userId) ?? null;
}
