import { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { GradebookCell } from '../domain/gradebook.ts';
import type { Instant } from '../domain/instant.ts';
import { launchNotesView } from './admin-launches.ts';
import { probeView } from './admin-services.ts';
import { readBody, textField } from './form-body.ts';
import { deliveryWords } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import { fieldView } from './problem-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { setUpGuide } from './set-up-guide.ts';

const approval = z.object({ deployment: textField });
const inviting = z.object({ name: textField });
/** LTI user ids are 1 to 255 characters; left empty, no score is sent. */
const probing = z.object({ withScore: textField, user: textField.pipe(z.string().max(255)) });

/** What an administrator of the LMS may see and do: with their own platform, and counts. No student's work. */
export function adminRoutes(deps: WebDeps): RequestHandler {
  const { services, sessions, pages, store } = deps;
  const { administration } = services;
  const router = Router({ mergeParams: true });
  router.use(sessions.requireLive('administrator'));

  router.get('/', async (_req, res) => {
    const viewer = liveViewer(res);
    const { locale } = contextOf(res);
    const say = (key: string) => pages.say(locale, `admin.${key}`);
    const [platform, deployments, cells] = await Promise.all([
      store.platform(viewer.platformId),
      store.deployments(viewer.platformId),
      services.courseViews.deliveries(viewer),
    ]);
    pages.show(
      res,
      'admin/overview',
      { title: say('title'), section: 'overview' },
      {
        platform:
          platform === null
            ? null
            : { ...platform, state: onOff(platform.status === 'active', say(`platform-${platform.status}`)) },
        approveAt: `${homeOf(viewer)}/deployments`,
        deployments: deployments.map((deployment) => ({
          id: deployment.deploymentId,
          waits: deployment.status === 'pending',
          state: onOff(deployment.status === 'approved', say(`deployment-${deployment.status}`)),
        })),
        deliveries: (['pending', 'delivered', 'parked'] as const).map((status) => ({
          label: say(`delivery-${status}`),
          count: cells.filter((cell) => cell.status === status).length,
        })),
        problems: problemKeys(cells).map((key) => deliveryWords(pages, locale, key)),
      },
    );
  });

  router.post('/deployments', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    await administration.approveDeployment(viewer, readBody(approval, req.body).deployment);
    res.redirect(303, homeOf(viewer));
  });

  router.get('/launches', async (_req, res) => {
    const { locale } = contextOf(res);
    const notes = await administration.launches(liveViewer(res));
    pages.show(
      res,
      'admin/launches',
      { title: pages.say(locale, 'admin.launches.title'), section: 'launches' },
      launchNotesView(pages, locale, notes),
    );
  });

  router
    .route('/services')
    .get((_req, res) => showServices(res, null))
    .post(sessions.requireToken, async (req, res) => {
      const { withScore, user } = readBody(probing, req.body);
      const scoreFor = withScore === 'yes' && user.trim() !== '' ? user.trim() : null;
      showServices(res, await administration.probe(liveViewer(res), scoreFor));
    });

  router
    .route('/set-up')
    .get((_req, res) => showSetUp(res, null))
    .post(sessions.requireToken, async (req, res) => {
      const { code, expiresAt } = await administration.invite(
        liveViewer(res),
        readBody(inviting, req.body).name,
      );
      showSetUp(res, { url: `${deps.publicUrl}/lti/register?code=${code}`, until: expiresAt });
    });

  /** `made` is shown this once: the store keeps a hash. */
  function showSetUp(res: Response, made: { readonly url: string; readonly until: Instant } | null): void {
    const { locale } = contextOf(res);
    pages.show(
      res,
      'setup/guide',
      { title: pages.say(locale, 'setup.title'), section: 'guide' },
      {
        guides: setUpGuide(deps.publicUrl),
        invite: {
          action: `${homeOf(liveViewer(res))}/set-up`,
          made,
          name: fieldView('name', pages.say(locale, 'setup.invite.name'), '', null, {
            hint: pages.say(locale, 'setup.invite.name-hint'),
          }),
        },
      },
    );
  }

  function showServices(res: Response, steps: Parameters<typeof probeView>[2] | null): void {
    const { locale } = contextOf(res);
    pages.show(
      res,
      'admin/services',
      { title: pages.say(locale, 'admin.services.title'), section: 'services' },
      {
        action: `${homeOf(liveViewer(res))}/services`,
        steps: steps === null ? null : probeView(pages, locale, steps),
      },
    );
  }

  return router;
}

function onOff(on: boolean, text: string) {
  return { tone: on ? 'good' : 'caution', icon: on ? 'pass' : 'waiting', text };
}

function problemKeys(cells: readonly GradebookCell[]): string[] {
  const keys = cells.flatMap((cell) =>
    cell.status === 'parked' && cell.lastError ? [cell.lastError.key] : [],
  );
  return [...new Set(keys)];
}
