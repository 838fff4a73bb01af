import { timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';

export type Health = {
  /** Whether requests can be served now; the problems are ids for the operator. */
  readonly ready: () => Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>;
  /** Prometheus text exposition. */
  readonly metrics: () => Promise<string>;
  /** Opens /metrics to a caller that is not on this machine; null: loopback only. */
  readonly metricsToken: string | null;
};

/** What load balancers and monitoring ask; no session, no page. */
export function healthRoutes(health: Health): RequestHandler {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok\n');
  });
  router.get('/readyz', async (_req, res) => {
    const { ok, problems } = await health.ready();
    res
      .status(ok ? 200 : 503)
      .type('text')
      .send(ok ? 'ready\n' : `${problems.join('\n')}\n`);
  });
  router.get('/metrics', async (req, res, next) => {
    const bearer = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? null;
    // Behind a proxy on the same machine every caller has a loopback address: what was forwarded is not local.
    const local =
      /^(127\.|::1$|::ffff:127\.)/.test(req.socket.remoteAddress ?? '') &&
      req.headers['x-forwarded-for'] === undefined &&
      req.headers['forwarded'] === undefined;
    if (!local && !sameToken(bearer, health.metricsToken)) return next();
    res.type('text/plain; version=0.0.4').send(await health.metrics());
  });
  return router;
}

function sameToken(given: string | null, wanted: string | null): boolean {
  if (given === null || wanted === null) return false;
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
