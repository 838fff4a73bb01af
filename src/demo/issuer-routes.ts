import { type Request, type Response, Router } from 'express';
import { AWARDS, TRAINING_CENTRE } from './awards.ts';
import type { BadgeIssuer } from './badge-issuer.ts';
import type { Lms } from './lms.ts';
import { isLocale } from './locale.ts';
import { assertion, badgeClass, issuerProfile, revokedAssertion } from './open-badge-2.ts';
import { profile, revocationList } from './open-badge-3.ts';
import type { Pages } from './pages.ts';
import type { Samples } from './samples.ts';

/** The public site of the badge issuer: its keys and the documents that its badges point to. */
export function issuerRoutes(lms: Lms, pages: Pages, issuer: BadgeIssuer, samples: Samples): Router {
  const router = Router();
  router.get('/issuer/pictures/:file', (req, res) => {
    const award = AWARDS.find(({ id }) => req.params.file === `${id}.png`);
    if (award === undefined) return missing(res);
    res.type('png').send(samples.picture(award));
  });
  // Pictures load with every page that shows them; the log is about badges that are looked up.
  router.use('/issuer', lms.log.record);

  router.get('/issuer', (req, res) => {
    const visitor = lms.sessions.visitor(req);
    pages.showInCourse(req, res, {
      template: 'issuer',
      at: 'home',
      visitor: { ...visitor, person: null },
      data: { title: TRAINING_CENTRE[visitor.locale] },
    });
  });

  // The address in a badge's `kid` answers that one key; the list is for people who look around.
  router.get('/issuer/keys', async (_req, res) => {
    res.json({ keys: [(await issuer.key()).publicJwk] });
  });
  router.get('/issuer/keys/:id', async (req, res) => {
    const { kid, publicJwk } = await issuer.key();
    if (kid !== `${issuer.url}/keys/${req.params.id}`) return missing(res);
    res.json(publicJwk);
  });

  router.get('/issuer/profile/:locale', (req, res) => {
    if (!isLocale(req.params.locale)) return missing(res);
    answer(req, res, {
      '@context': 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      ...profile(issuer, req.params.locale),
    });
  });
  router.get('/issuer/revocations/:locale', (req, res) =>
    isLocale(req.params.locale) ? answer(req, res, revocationList(issuer, req.params.locale)) : missing(res),
  );
  router.get('/issuer/open-badges-2/:locale', (req, res) =>
    isLocale(req.params.locale) ? answer(req, res, issuerProfile(issuer, req.params.locale)) : missing(res),
  );

  router.get('/issuer/badges/:locale/:award', (req, res) => {
    const sample = samples.all.find(
      ({ award, locale }) => award.id === req.params.award && locale === req.params.locale,
    );
    if (sample === undefined) return missing(res);
    answer(req, res, badgeClass(issuer, sample));
  });

  router.get('/issuer/assertions/:id', (req, res) => {
    const sample = samples.all.find((one) => one.address === `${issuer.url}/assertions/${req.params.id}`);
    if (sample === undefined) return missing(res);
    if (sample.award.flaw !== 'revoked') return answer(req, res, assertion(issuer, sample));
    answer(req, res.status(410), revokedAssertion(issuer, sample));
  });
  return router;
}

/** Open Badges 2.0 §"Hosted verification": JSON, as JSON-LD to those who ask for it. */
function answer(req: Request, res: Response, document: Record<string, unknown>): void {
  const type = req.accepts(['application/json', 'application/ld+json']) || 'application/json';
  res.set('content-type', type).end(JSON.stringify(document, null, 2));
}

function missing(res: Response): void {
  res.status(404).json({ error: 'not found' });
}
