import type { Request, Response } from 'express';
import type { Launch } from '../domain/launch.ts';
import type { Services } from '../services/services.ts';
import { contextOf } from './page-context.ts';
import type { Pages } from './render.ts';
import type { Sessions } from './session.ts';

/** A launch that is believed becomes a session and a first page, or a page that says why there is none. */
export function createOnLaunch(deps: {
  readonly services: Services;
  readonly sessions: Sessions;
  readonly pages: Pages;
}): (launch: Launch, req: Request, res: Response) => Promise<void> {
  const { services, sessions, pages } = deps;

  return async function onLaunch(launch, _req, res) {
    const { locale } = contextOf(res);
    if (launch.messageType === 'deep-linking') {
      const { viewer, picking } = services.pickActivity.begin(launch, locale);
      return res.redirect(303, await sessions.start(viewer, res, picking));
    }
    if (launch.messageType === 'submission-review') {
      const review = await services.openReview(launch, locale);
      if (review.kind === 'notice') return pages.notice(res, `public.${review.reason}`);
      const home = await sessions.start(review.viewer, res);
      const page =
        review.submissionId === null
          ? '?review=none'
          : `/submissions/${encodeURIComponent(review.submissionId)}`;
      return res.redirect(303, home + page);
    }
    const opened = await services.openActivity(launch, locale);
    if (opened.kind === 'notice') return pages.notice(res, `public.${opened.reason}`);
    res.redirect(303, await sessions.start(opened.viewer, res));
  };
}
