import express, { type Request, type RequestHandler } from 'express';
import { refusal } from './refusal.ts';

export type Form = ReadonlyMap<string, string>;

const FORM = 'application/x-www-form-urlencoded';
/** Room for an id token or a message hint with much in it. */
const LONGEST_BODY = '256kb';

const parse = express.urlencoded({
  extended: false,
  type: FORM,
  limit: LONGEST_BODY,
  parameterLimit: 100,
  inflate: false,
});

/** Reads a form body and refuses any other kind: no object that a sender built ever reaches a check or a query. */
export const readForm: RequestHandler = (req, res, next) => {
  const hasType = req.headers['content-type'] !== undefined;
  if (hasType && req.is(FORM) === false) return next(refusal('form-only'));
  parse(req, res, (error?: unknown) => {
    if (error === undefined) return next();
    const status = error instanceof Error && 'status' in error ? error.status : 400;
    if (status === 413) return next(refusal('form-too-large', error));
    next(refusal(status === 415 ? 'form-only' : 'form-malformed', error));
  });
};

/**
 * The parameters of a query string and a form body together, each a plain string sent once. Throws on repetition
 * (RFC 6749 §3.1) and on names such as `iss[$ne]`.
 */
export function formOf(queryString: string, body?: unknown): Form {
  const form = new Map<string, string>();
  const add = (name: string, value: unknown) => {
    if (/[[\]$]/.test(name)) throw refusal('form-malformed');
    if (form.has(name) || typeof value !== 'string') throw refusal('parameter-repeated');
    form.set(name, value);
  };
  for (const [name, value] of new URLSearchParams(queryString)) add(name, value);
  if (typeof body === 'object' && body !== null)
    for (const [name, value] of Object.entries(body)) add(name, value);
  return form;
}

/** As it was sent, not as Express read it. */
export function queryStringOf(req: Request): string {
  const at = req.originalUrl.indexOf('?');
  return at === -1 ? '' : req.originalUrl.slice(at + 1);
}
