import type { RequestHandler } from 'express';
import { type Outline, showExplained } from './explained.ts';
import type { Pages } from './render.ts';

const OUTLINE: Outline = {
  what: ['account', 'class', 'dates', 'work', 'checks', 'decision', 'record', 'never'],
  why: [],
  who: ['you', 'teachers', 'administrators', 'operators'],
  outside: ['platform', 'issuer', 'known', 'photos', 'off'],
  'how-long': ['records', 'session', 'launches'],
  rights: [],
  contact: [],
};

/** What is kept, why, who gets it and for how long: the address that the LMS shows as the tool's policy. */
export function privacyPage(pages: Pages): RequestHandler {
  return (_req, res) => showExplained(pages, res, { area: 'public.privacy', outline: OUTLINE, other: null });
}
