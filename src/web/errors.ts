import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import { contextOf } from './page-context.ts';
import type { Pages } from './render.ts';

/** The one table from what went wrong to what the browser is told. The page is `views/error.hbs` with the words of `errors.json`. */
export const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media: 415,
  too_many: 429,
  unavailable: 503,
  internal: 500,
};

export const refuseUnknownMethods: RequestHandler = (req, res, next) => {
  if (['GET', 'HEAD', 'POST'].includes(req.method)) return next();
  res.setHeader('Allow', 'GET, HEAD, POST');
  res.status(405);
  throw new AppError('invalid', 'errors.method');
};

export const pageNotFound: RequestHandler = () => {
  throw new AppError('not_found', 'errors.not_found');
};

/** Every refusal ends here, as a page in the person's language that repeats nothing of what was sent. */
export function showError(pages: Pages, log: Log): ErrorRequestHandler {
  return (thrown: unknown, _req, res, next) => {
    const error = asAppError(thrown);
    const { requestId } = contextOf(res);
    const fields = { requestId, code: error.code, key: error.key };
    if (error.code === 'internal') log.error({ ...fields, err: thrown }, 'request failed');
    else if (error.code === 'unavailable')
      log.warn({ ...fields, err: thrown }, 'request could not be served');
    else log.info(fields, 'request refused');
    if (res.headersSent) return next(thrown);
    res.removeHeader('Set-Cookie');
    pages.refusal(res, res.statusCode === 405 ? 405 : STATUS[error.code], error);
  };
}

/** What body parsers and the router throw carries a status, never words for people. */
function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  const code = (Object.keys(STATUS) as ErrorCode[]).find((candidate) => STATUS[candidate] === status);
  if (code !== undefined && code !== 'internal')
    return new AppError(code, `errors.${code}`, {}, { cause: thrown });
  return status >= 400 && status < 500
    ? new AppError('invalid', 'errors.invalid', {}, { cause: thrown })
    : new AppError('internal', 'errors.internal', {}, { cause: thrown });
}

function statusOf(thrown: unknown): number {
  return typeof thrown === 'object' &&
    thrown !== null &&
    'status' in thrown &&
    typeof thrown.status === 'number'
    ? thrown.status
    : 500;
}
