import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Day } from '../domain/instant.ts';
import type { Locale } from '../domain/local-text.ts';
import type { ShsmDates } from '../domain/shsm-dates.ts';
import type { FieldProblem } from '../services/deps.ts';
import type { ShsmDatesForm, ShsmDatesView } from '../services/shsm-dates.ts';
import { monthText } from './dates.ts';
import { readBody, textField } from './form-body.ts';
import { contextOf } from './page-context.ts';
import { problemView } from './problem-view.ts';
import type { Pages } from './render.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { studentName } from './student-name.ts';

const body = z.object({ startedOn: textField, graduatesOn: textField, from: textField });
type Whose = { userId?: string };

/** The page where a student, or their teacher, says when the SHSM began and when graduation is planned. */
export function shsmDates({ services, pages }: WebDeps) {
  const show: RequestHandler<Whose> = async (req, res) => {
    const userId = req.params.userId ?? liveViewer(res).userId;
    const view = await services.shsmDates.view(liveViewer(res), userId);
    const { startedOn, graduatesOn } = view.member.shsmDates ?? { startedOn: null, graduatesOn: null };
    const from = typeof req.query['from'] === 'string' ? req.query['from'] : '';
    render(res, view, { startedOn: startedOn ?? '', graduatesOn: graduatesOn ?? '' }, from, []);
  };

  const save: RequestHandler<Whose> = async (req, res) => {
    const viewer = liveViewer(res);
    const userId = req.params.userId ?? viewer.userId;
    const { from, ...form } = readBody(body, req.body);
    const result = await services.shsmDates.save(viewer, userId, form);
    if (result.kind === 'saved') return res.redirect(303, backTo(homeOf(viewer), from));
    render(res, await services.shsmDates.view(viewer, userId), form, from, result.problems);
  };

  function render(
    res: Response,
    { member, choices }: ShsmDatesView,
    form: ShsmDatesForm,
    from: string,
    problems: readonly FieldProblem[],
  ): void {
    const { locale } = contextOf(res);
    const viewer = liveViewer(res);
    const isTeacher = viewer.role === 'teacher';
    const say = (key: string, params = {}) => pages.say(locale, `shsm-dates.${key}`, params);
    const reader = { say: pages.say, locale, rules: services.rules };
    const found = problemView(pages, locale, problems);
    const title = isTeacher
      ? say('title-of', { student: studentName(reader, member, member) })
      : say('title');
    const options = (days: readonly Day[], chosen: string) =>
      days.map((day) => ({ value: day, text: monthText(locale, day), selected: day === chosen }));
    pages.show(
      res,
      'shsm-dates',
      { title, problems: problems.length > 0, status: problems.length > 0 ? 422 : 200 },
      {
        heading: title,
        problems: found.list,
        lead: say(isTeacher ? 'lead-teacher' : 'lead'),
        action: isTeacher
          ? `${homeOf(viewer)}/students/${encodeURIComponent(member.userId)}/dates`
          : `${homeOf(viewer)}/dates`,
        back: backTo(homeOf(viewer), from),
        from,
        fields: [
          {
            id: 'startedOn',
            label: say(isTeacher ? 'started-teacher' : 'started'),
            options: options(choices.starts, form.startedOn),
            error: found.of('startedOn'),
          },
          {
            id: 'graduatesOn',
            label: say(isTeacher ? 'graduates-teacher' : 'graduates'),
            options: options(choices.ends, form.graduatesOn),
            error: found.of('graduatesOn'),
          },
        ],
      },
    );
  }

  return { show, save };
}

/** The dates in a sentence, for the pages that lead to the form. */
export function shsmDatesText(pages: Pages, locale: Locale, dates: ShsmDates | null): string {
  const month = (day: Day | null | undefined) =>
    day == null ? pages.say(locale, 'shsm-dates.not-said') : monthText(locale, day);
  return pages.say(locale, 'shsm-dates.sentence', {
    started: month(dates?.startedOn),
    graduates: month(dates?.graduatesOn),
  });
}

/** The submission that the teacher came from, or the first page. */
function backTo(home: string, from: string): string {
  return from === '' ? home : `${home}/submissions/${encodeURIComponent(from)}`;
}
