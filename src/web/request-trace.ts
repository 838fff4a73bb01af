import type { Request, RequestHandler } from 'express';
import type { NewId, Now } from '../domain/instant.ts';
import type { Log } from '../domain/ports/log.ts';
import { contextOf, extendContext } from './page-context.ts';

/** Gives each request its id and writes one line when it is over: the route's pattern, never the address itself. */
export function traceRequests(log: Log, now: Now, newId: NewId): RequestHandler {
  return (req, res, next) => {
    const started = now();
    // The tail of an id is its random part, also where ids start with the time.
    const requestId = newId().replaceAll('-', '').slice(-10);
    extendContext(res, { requestId });
    res.setHeader('X-Request-Id', requestId);
    res.once('close', () => {
      log.info(
        {
          requestId,
          method: req.method,
          route: routeOf(req),
          status: res.statusCode,
          ms: now() - started,
          ...(res.writableEnded ? {} : { aborted: true }),
          ...(contextOf(res).session === null ? {} : { activity: contextOf(res).session?.viewer.activityId }),
        },
        'request',
      );
    });
    next();
  };
}

/** Addresses may carry one-time codes or names; patterns do not. */
function routeOf(req: Request): string {
  const route: unknown = req.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return typeof route.path === 'string' ? route.path : 'none';
}
