import type { RequestHandler } from 'express';
import type { Progress } from '../domain/progress.ts';
import type { ClassRow } from '../services/course-views.ts';
import { gradebookView } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import { rosterSentences } from './roster-view.ts';
import type { WebDeps } from './server.ts';
import { liveViewer } from './session.ts';
import { droppedLines, stillOpen } from './still-open.ts';
import { studentName } from './student-name.ts';
import type { Reader } from './submission-view.ts';

/** How far each student of the class is with the sector's list. */
export function teacherProgress(deps: WebDeps): RequestHandler {
  const { services, pages } = deps;
  return async (_req, res) => {
    const { locale } = contextOf(res);
    const viewer = liveViewer(res);
    const roster = await services.classRoster.look(viewer);
    const { activity, sector, rows } = await services.courseViews.classProgress(viewer);
    const say = (key: string, params = {}) => pages.say(locale, `teacher.progress.${key}`, params);
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
    pages.show(
      res,
      'teacher/progress',
      { title: say('title'), section: 'progress' },
      {
        summary: say('summary', {
          count: rows.filter((row) => row.member.status === 'active').length,
          sector: sector?.name[locale] ?? '',
        }),
        note: sector?.total == null ? say('total-unknown') : say('total-known', { total: sector.total }),
        roster: rosterSentences(pages, locale, roster),
        caption: say('caption', { activity: activity.title }),
        rows: rows
          .map((row) => rowView(deps, reader, row))
          .toSorted(
            (a, b) => Number(a.departed) - Number(b.departed) || a.student.localeCompare(b.student, locale),
          ),
      },
    );
  };
}

function rowView({ pages }: WebDeps, reader: Reader, { member, progress, cell }: ClassRow) {
  const { say, locale } = reader;
  const open =
    progress === null
      ? []
      : [...stillOpen(reader, progress, 'teacher.progress.open'), ...droppedLines(reader, progress)];
  const percentage = progress?.percentage ?? null;
  return {
    student: studentName(reader, member, member),
    departed: member.status === 'departed',
    met: metText(reader, progress),
    known: percentage !== null,
    percentage,
    percentageText:
      percentage === null ? '' : say(locale, 'teacher.progress.percent', { percentage: percentage / 100 }),
    waiting: progress?.lines.filter((line) => line.lineStatus === 'waiting').length ?? 0,
    open,
    gradebook: gradebookView(pages, locale, cell),
  };
}

function metText({ say, locale }: Reader, progress: Progress | null): string {
  if (progress === null) return '0';
  const { metTotal: met, requiredTotal: total } = progress;
  return total === null ? String(met) : say(locale, 'teacher.progress.met-of', { met, total });
}
