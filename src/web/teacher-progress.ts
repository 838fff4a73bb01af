import type { RequestHandler } from 'express';
import type { Member } from '../domain/person.ts';
import type { Progress } from '../domain/progress.ts';
import type { ClassRow } from '../services/course-views.ts';
import { gradebookView } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import { pagingView } from './paging-view.ts';
import { parkedView } from './parked-view.ts';
import { rosterSentences } from './roster-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { droppedLines, stillOpen } from './still-open.ts';
import { studentName } from './student-name.ts';
import type { Reader } from './submission-view.ts';

const STUDENTS_A_PAGE = 100;
/** Without JavaScript, while the class list is being read. */
const REFRESH_S = 2;

/** How far each student of the class is with the sector's list: by name, those who left last. */
export function teacherProgress(deps: WebDeps): RequestHandler {
  const { services, pages } = deps;
  return async (req, res) => {
    const { locale } = contextOf(res);
    const viewer = liveViewer(res);
    const say = (key: string, params = {}) => pages.say(locale, `teacher.progress.${key}`, params);
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
    const roster = await services.classRoster.look(viewer, wholeNumber(req.query['known']));
    const { activity, sector, students } = await services.courseViews.classList(viewer);
    const sorted = byName(reader, students);
    // A student who is not there any more leads back to the first page.
    const begin = sorted.findIndex((member) => member.userId === req.query['after']) + 1;
    const after = typeof req.query['after'] === 'string' ? { after: req.query['after'] } : {};
    const shown = sorted.slice(begin, begin + STUDENTS_A_PAGE);
    const rows = await services.courseViews.classProgress(viewer, shown);
    const here = `${homeOf(viewer)}/progress`;
    const last = shown.at(-1);
    const hasMore = last !== undefined && begin + shown.length < sorted.length;
    pages.show(
      res,
      'teacher/progress',
      {
        title: say('title'),
        section: 'progress',
        ...(roster.arrived === null ? {} : { refreshSeconds: REFRESH_S }),
      },
      {
        coming:
          roster.arrived === null
            ? null
            : {
                text: pages.say(locale, 'teacher.roster.coming', { count: roster.arrived }),
                more: `${here}?${new URLSearchParams({ ...after, known: String(roster.arrived) })}`,
              },
        parked: parkedView(pages, locale, viewer, await services.parkedDeliveries.list(viewer)),
        summary: say('summary', {
          count: students.filter((member) => member.status === 'active').length,
          sector: sector?.name[locale] ?? '',
        }),
        note: sector?.total == null ? say('total-unknown') : say('total-known', { total: sector.total }),
        roster: rosterSentences(pages, locale, roster),
        caption: say('caption', { activity: activity.title }),
        rows: rows.map((row) => rowView(deps, reader, row)),
        paging: pagingView(pages, locale, {
          first: begin === 0 ? null : here,
          next: hasMore ? `${here}?after=${encodeURIComponent(last.userId)}` : null,
        }),
      },
    );
  };
}

function byName(reader: Reader, students: readonly Member[]): readonly Member[] {
  const { compare } = new Intl.Collator(reader.locale);
  return students
    .map((member) => ({ member, name: studentName(reader, member, member) }))
    .sort(
      (a, b) =>
        Number(a.member.status === 'departed') - Number(b.member.status === 'departed') ||
        compare(a.name, b.name) ||
        (a.member.userId < b.member.userId ? -1 : 1),
    )
    .map(({ member }) => member);
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

function wholeNumber(text: unknown): number | null {
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
