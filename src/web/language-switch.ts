import { type RequestHandler, Router } from 'express';
import { LOCALES } from '../domain/local-text.ts';
import { contextOf } from './page-context.ts';
import { activityPath, homeOf, liveViewer, type Sessions } from './session.ts';

/** The EN/FR button of pages inside an activity; it returns to the page it was pressed on. */
export function languageSwitch(sessions: Sessions): RequestHandler {
  const router = Router({ mergeParams: true });
  router.post('/language', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    const { session } = contextOf(res);
    const locale = LOCALES.find((candidate) => candidate === req.body.locale);
    if (session !== null && locale !== undefined) await sessions.setLocale(session, locale);
    const back = String(req.body.back ?? '');
    const inside = back.startsWith(`${activityPath(viewer.activityId)}/`) && !/[\\\s]|\/\//.test(back);
    res.redirect(303, inside ? back : homeOf(viewer));
  });
  return router;
}
