import { Router } from 'express';
import { signedIn } from './course-pages.ts';
import type { Cell, LineItem } from './gradebook.ts';
import type { Lms } from './lms.ts';
import type { Locale } from './locale.ts';
import { say } from './messages.ts';
import type { Pages } from './pages.ts';
import { fullName } from './people.ts';

/** The gradebook: everyone for a teacher, one's own row for a student. */
export function gradebookPage(lms: Lms, pages: Pages): Router {
  const router = Router();
  router.get('/course/grades', (req, res) => {
    const visitor = signedIn(lms, req, res);
    if (visitor === null) return;
    const { person, locale } = visitor;
    const isTeacher = person.kind === 'teacher';
    const students = lms.course.people.filter((one) =>
      isTeacher ? one.kind === 'student' : one.id === person.id,
    );
    pages.showInCourse(req, res, {
      template: 'grades',
      at: 'grades',
      visitor,
      data: {
        isTeacher,
        columns: lms.gradebook.lineItems().map((item) => ({
          label: labelOf(lms, item, locale),
          rows: students.map((student) => ({
            id: student.id,
            name: fullName(student, locale),
            ...inWords(lms.gradebook.cell(item.id, student.id), item, locale),
            reviewUrl:
              isTeacher && item.resourceLinkId !== null
                ? `/course/activities/${item.resourceLinkId}/review/${student.id}`
                : null,
          })),
        })),
      },
    });
  });
  return router;
}

/** A column that belongs to an activity goes by the activity's title in the page's language. */
function labelOf(lms: Lms, item: LineItem, locale: Locale): string {
  const link = item.resourceLinkId === null ? undefined : lms.course.link(item.resourceLinkId);
  return link?.title[locale] ?? item.label;
}

function inWords(cell: Cell | undefined, item: LineItem, locale: Locale): Record<string, string> {
  const points = cell?.points ?? null;
  const { activityProgress, gradingProgress, comment } = cell?.score ?? {
    activityProgress: 'none',
    gradingProgress: 'none',
    comment: '',
  };
  return {
    score:
      points === null
        ? say(locale, 'grades.no-score')
        : say(locale, 'grades.out-of', { points, maximum: item.scoreMaximum }),
    state: gradingProgress,
    work: say(locale, `activity-progress.${activityProgress}`),
    grading: say(locale, `grading-progress.${gradingProgress}`),
    comment: comment === '' ? say(locale, 'grades.no-comment') : comment,
  };
}
