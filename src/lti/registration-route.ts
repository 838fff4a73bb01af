import type { RequestHandler, Response } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import { formOf, queryStringOf } from './form.ts';
import type { Pages } from './pages.ts';
import { configurationUrlOf, openInvite, type RegistrationDeps, register } from './registration.ts';

/**
 * `GET /lti/register?code=…`: the one-time link of an invite. Opened by an LMS, which appends `openid_configuration` and
 * perhaps `registration_token`, it registers; opened by a person it says where to paste it, and is not spent.
 */
export function registrationRoute(
  deps: RegistrationDeps & { readonly log: Log; readonly pages: Pages },
): RequestHandler {
  const { log, pages, production } = deps;
  return async (req, res) => {
    const requestId = pages.requestIdOf(res);
    res.set('Cache-Control', 'no-store');
    try {
      const form = formOf(queryStringOf(req));
      const invite = await openInvite(form.get('code') ?? '', deps);
      if (!form.has('openid_configuration')) return pages.show(res, 'registration/paste', {});
      const { origin } = new URL(configurationUrlOf(form, production));
      // The LMS may show this in a frame, and it is no registered platform yet.
      mayFrame(res, origin);
      const { platform, isBrightspace, deploymentId } = await register(invite, form, deps);
      log.info({ requestId, platformId: platform.id, status: platform.status }, 'lti platform registered');
      pages.show(res, 'registration/done', {
        name: platform.name,
        issuer: platform.issuer,
        isActive: platform.status === 'active',
        platformId: platform.id,
        isBrightspace,
        hasDeployment: deploymentId !== null,
        closeAtOnce: platform.status === 'active' && deploymentId !== null,
        origin,
      });
    } catch (error) {
      const key = error instanceof AppError ? error.key : 'internal';
      const cause = error instanceof AppError && typeof error.cause === 'string' ? error.cause : null;
      log.info({ requestId, key, cause }, 'lti registration refused');
      throw error;
    }
  };
}

function mayFrame(res: Response, origin: string): void {
  const policy = res.getHeader('Content-Security-Policy');
  if (typeof policy === 'string')
    res.set(
      'Content-Security-Policy',
      policy.replace(/frame-ancestors [^;]*/, (own) => `${own} ${origin}`),
    );
}
