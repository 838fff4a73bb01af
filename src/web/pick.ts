import { type RequestHandler, type Response, Router } from 'express';
import type { HandOver } from '../domain/deep-linking.ts';
import type { FieldProblem } from '../services/deps.ts';
import type { PickForm } from '../services/pick-activity.ts';
import { readBody, textField } from './form-body.ts';
import { contextOf } from './page-context.ts';
import { fieldView, problemView } from './problem-view.ts';
import { allowFormTo } from './security-headers.ts';
import type { WebDeps } from './server.ts';
import { livePicking, pickerPath } from './session.ts';
import { settingsBody, settingsFields } from './settings-fields.ts';

const RESOURCE_LINK = 'ltiResourceLink';
const body = settingsBody.extend({ title: textField, text: textField });

/**
 * The picker of deep linking: one form that can be sent as it is, then a page that takes the signed answer back to the LMS.
 * What was asked for is kept with the session, never in the page.
 */
export function pickRoutes({ services, sessions, pages }: WebDeps): RequestHandler {
  const { pickActivity } = services;
  const router = Router({ mergeParams: true });

  router.get('/', async (_req, res) => {
    const { viewer, picking } = livePicking(res);
    if (!picking.settings.acceptTypes.includes(RESOURCE_LINK)) return showNothingFits(res);
    const form = await pickActivity.proposed(viewer, picking);
    const title = form.title || pages.say(viewer.locale, 'teacher.pick.title-default');
    showForm(res, { ...form, title }, []);
  });
  router.post('/', sessions.requireToken, async (req, res) => {
    const { picking } = livePicking(res);
    if (!picking.settings.acceptTypes.includes(RESOURCE_LINK)) return showNothingFits(res);
    const form = readBody(body, req.body);
    const result = await pickActivity.pick(picking, form);
    if (result.kind === 'picked') return showHandOver(res, result.handOver, 'picked');
    showForm(res, form, result.problems);
  });
  router.post('/cancel', sessions.requireToken, async (_req, res) => {
    const { viewer, picking } = livePicking(res);
    const message = pages.say(viewer.locale, 'teacher.pick.cancelled');
    showHandOver(res, await pickActivity.cancel(picking, message), 'cancelled');
  });

  function showForm(res: Response, form: PickForm, problems: readonly FieldProblem[]): void {
    const { locale } = contextOf(res);
    const say = (key: string) => pages.say(locale, `teacher.pick.${key}`);
    const found = problemView(pages, locale, problems);
    pages.show(
      res,
      'teacher/pick',
      { title: say('title'), problems: problems.length > 0, status: problems.length > 0 ? 422 : 200 },
      {
        problems: found.list,
        action: pickerPath(livePicking(res).picking),
        name: fieldView('title', say('name'), form.title, found.of('title'), { hint: say('name-hint') }),
        text: { value: form.text, error: found.of('text') },
        ...settingsFields({ pages, rules: services.rules, locale }, form, found),
      },
    );
  }

  function showHandOver(res: Response, handOver: HandOver, outcome: 'picked' | 'cancelled'): void {
    const { locale } = contextOf(res);
    const title = pages.say(locale, `teacher.pick.${outcome}-title`);
    allowFormTo(res, handOver.action);
    pages.show(res, 'teacher/hand-over', { title }, { heading: title, ...handOver });
  }

  /** The LMS asked for something else, such as a file: all there is to do is go back. */
  function showNothingFits(res: Response): void {
    const { locale } = contextOf(res);
    const title = pages.say(locale, 'teacher.pick.nothing-fits-title');
    const action = `${pickerPath(livePicking(res).picking)}/cancel`;
    pages.show(res, 'teacher/pick-nothing', { title }, { heading: title, action });
  }

  return router;
}
