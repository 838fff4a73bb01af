import { type RequestHandler, Router } from 'express';
import type { GradebookCell } from '../domain/gradebook.ts';
import { deliveryWords } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import type { WebDeps } from './server.ts';
import { liveViewer } from './session.ts';

/** What an administrator of the LMS may see: their own platform, and counts. No student's work. */
export function adminRoutes(deps: WebDeps): RequestHandler {
  const { services, sessions, pages, store } = deps;
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
      { title: say('title') },
      {
        platform:
          platform === null
            ? null
            : { ...platform, state: onOff(platform.status === 'active', say(`platform-${platform.status}`)) },
        deployments: deployments.map((deployment) => ({
          id: deployment.deploymentId,
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
