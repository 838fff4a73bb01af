import type { RequestHandler, Response } from 'express';
import type { Activity } from '../domain/activity.ts';
import { NEW_SETTINGS, type SettingsForm, settingsForm } from '../services/activity-settings.ts';
import type { FieldProblem } from '../services/deps.ts';
import { readBody } from './form-body.ts';
import { contextOf } from './page-context.ts';
import { problemView } from './problem-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { settingsBody, settingsFields } from './settings-fields.ts';

/** What the activity is for and how it is marked. It comes first where nobody has said so yet. */
export function teacherSetUp({ services, pages }: WebDeps) {
  const firstIfNeeded: RequestHandler = async (_req, res, next) => {
    const viewer = liveViewer(res);
    const activity = await services.courseViews.activityView(viewer);
    if (activity.settings === null) return res.redirect(303, `${homeOf(viewer)}/set-up`);
    next();
  };

  const show: RequestHandler = async (req, res) => {
    const activity = await services.courseViews.activityView(liveViewer(res));
    render(
      res,
      activity,
      activity.settings === null ? NEW_SETTINGS : settingsForm(activity.settings),
      [],
      req.query['done'] === 'saved',
    );
  };

  const save: RequestHandler = async (req, res) => {
    const viewer = liveViewer(res);
    const form = readBody(settingsBody, req.body);
    const result = await services.activitySettings.save(viewer, form);
    if (result.kind === 'saved') return res.redirect(303, `${homeOf(viewer)}/set-up?done=saved`);
    const activity = await services.courseViews.activityView(viewer);
    render(res, activity, form, result.problems, false);
  };

  function render(
    res: Response,
    activity: Activity,
    form: SettingsForm,
    problems: readonly FieldProblem[],
    saved: boolean,
  ): void {
    const { locale } = contextOf(res);
    const say = (key: string) => pages.say(locale, `teacher.set-up.${key}`);
    const found = problemView(pages, locale, problems);
    const title = say(activity.settings === null ? 'title-first' : 'title');
    pages.show(
      res,
      'teacher/set-up',
      { title, section: 'set-up', problems: problems.length > 0, status: problems.length > 0 ? 422 : 200 },
      {
        heading: title,
        problems: found.list,
        banner: saved ? { tone: 'good', icon: 'pass', text: say('saved') } : null,
        ...settingsFields({ pages, rules: services.rules, locale }, form, found),
      },
    );
  }

  return { firstIfNeeded, show, save };
}
