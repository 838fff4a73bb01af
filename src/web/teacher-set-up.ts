import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Activity, ActivitySettings } from '../domain/activity.ts';
import { dayInOntario } from '../domain/instant.ts';
import { KINDS, SCORINGS, type SettingsForm } from '../services/activity-settings.ts';
import type { FieldProblem } from '../services/deps.ts';
import { readBody, textField } from './form-body.ts';
import { contextOf } from './page-context.ts';
import { fieldView, problemView } from './problem-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { certificationName, type Reader } from './submission-view.ts';

const body = z.object({
  sector: textField,
  kind: textField,
  certification: textField,
  points: textField,
  scoring: textField,
  prompt: textField,
  due: textField,
});

const DEFAULTS: SettingsForm = {
  sector: '',
  kind: 'record',
  certification: '',
  points: '10',
  scoring: 'rubric',
  prompt: '',
  due: '',
};

/** What the activity is for and how it is marked. It comes first where nobody has said so yet. */
export function teacherSetUp({ services, pages }: WebDeps) {
  const firstIfNeeded: RequestHandler = async (_req, res, next) => {
    const viewer = liveViewer(res);
    const { activity } = await services.courseViews.classProgress(viewer);
    if (activity.settings === null) return res.redirect(303, `${homeOf(viewer)}/set-up`);
    next();
  };

  const show: RequestHandler = async (req, res) => {
    const { activity } = await services.courseViews.classProgress(liveViewer(res));
    render(
      res,
      activity,
      activity.settings === null ? DEFAULTS : formOf(activity.settings),
      [],
      req.query['done'] === 'saved',
    );
  };

  const save: RequestHandler = async (req, res) => {
    const viewer = liveViewer(res);
    const form = readBody(body, req.body);
    const result = await services.activitySettings.save(viewer, form);
    if (result.kind === 'saved') return res.redirect(303, `${homeOf(viewer)}/set-up?done=saved`);
    const { activity } = await services.courseViews.classProgress(viewer);
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
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
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
        sector: { error: found.of('sector') },
        sectors: sectorOptions(reader, form),
        kinds: KINDS.map((id) => ({ id, checked: form.kind === id })),
        certification: { error: found.of('certification') },
        scoring: { error: found.of('scoring') },
        scorings: SCORINGS.map((id) => ({ id, checked: form.scoring === id })),
        points: fieldView('points', say('points'), form.points, found.of('points'), {
          inputmode: 'decimal',
          width: 'short',
        }),
        due: fieldView('due', say('due'), form.due, found.of('due'), {
          type: 'date',
          width: 'short',
          hint: say('due-hint'),
        }),
        prompt: form.prompt,
      },
    );
  }

  return { firstIfNeeded, show, save };
}

function sectorOptions(reader: Reader, form: SettingsForm) {
  const { locale, rules, say } = reader;
  return rules.sectors
    .map((sector) => ({
      id: sector.id,
      name:
        sector.status === 'sourced'
          ? sector.name[locale]
          : say(locale, 'teacher.set-up.unsure', { name: sector.name[locale] }),
      selected: sector.id === form.sector,
      lines: sector.lines.map((line) => ({
        id: line.certificationId,
        name: certificationName(reader, line.certificationId),
        selected: sector.id === form.sector && line.certificationId === form.certification,
      })),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name, locale));
}

function formOf(settings: ActivitySettings): SettingsForm {
  return {
    sector: settings.sectorId,
    kind: settings.kind,
    certification: settings.certificationId ?? '',
    points: String(settings.pointsPossible),
    scoring: settings.scoring,
    prompt: settings.reflectionPrompt ?? '',
    due: settings.dueAt === null ? '' : dayInOntario(settings.dueAt),
  };
}
