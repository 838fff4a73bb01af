import type { Response } from 'express';
import type { Locale } from '../domain/local-text.ts';
import type { OpenedSession } from './session.ts';

/** What every page of one request knows. */
export type PageContext = {
  /** In the log line of the request and on error pages. */
  readonly requestId: string;
  readonly locale: Locale;
  /** null on public pages and where no session was found. */
  readonly session: OpenedSession | null;
  /** Where the LMS wants people to come back to, from a launch that was verified; null in every other request. */
  readonly returnUrl: string | null;
};

const contexts = new WeakMap<Response, PageContext>();

export function contextOf(res: Response): PageContext {
  return contexts.get(res) ?? { requestId: '', locale: 'en', session: null, returnUrl: null };
}

export function extendContext(res: Response, more: Partial<PageContext>): void {
  contexts.set(res, { ...contextOf(res), ...more });
}
