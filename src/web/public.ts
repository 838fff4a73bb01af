import { type RequestHandler, Router } from 'express';
import { helpPage } from './help.ts';
import { contextOf } from './page-context.ts';
import { privacyPage } from './privacy.ts';
import type { Pages } from './render.ts';
import { setUpGuide } from './set-up-guide.ts';

const PAGES = { '/': 'landing', '/accessibility': 'accessibility' } as const;

/** Pages that anybody may read. */
export function publicRoutes(pages: Pages, publicUrl: string): RequestHandler {
  const router = Router();
  for (const [path, name] of Object.entries(PAGES)) {
    router.get(path, (_req, res) => {
      const title = pages.say(contextOf(res).locale, `public.${name}.title`);
      pages.show(res, `public/${name}`, { title }, { heading: title });
    });
  }
  router.get('/help', helpPage(pages));
  router.get('/privacy', privacyPage(pages));
  router.get('/setup', (_req, res) => {
    const title = pages.say(contextOf(res).locale, 'setup.title');
    pages.show(res, 'setup/guide', { title }, { guides: setUpGuide(publicUrl) });
  });
  return router;
}
