import type { RequestHandler } from 'express';
import { z } from 'zod';
import { type Outline, showExplained } from './explained.ts';
import type { Pages } from './render.ts';

const asked = z.enum(['student', 'teacher']).catch('student');

const OUTLINES: Readonly<Record<'student' | 'teacher', Outline>> = {
  student: {
    counts: [],
    supplementary: [],
    find: ['credly', 'cancred', 'parchment', 'other', 'paper'],
    words: ['verified', 'unproven', 'could-not-check', 'self-reported', 'expired', 'not-valid'],
    after: [],
    who: [],
  },
  teacher: {
    deciding: [],
    confirm: [],
    returning: [],
    gradebook: ['pending', 'trying', 'delivered', 'parked'],
    revoked: [],
    progress: [],
    who: [],
  },
};

/** Help for students, or with `?for=teacher` for teachers. Anybody may read both. */
export function helpPage(pages: Pages): RequestHandler {
  return (req, res) => {
    const reader = asked.parse(req.query['for']);
    showExplained(pages, res, {
      area: `help.${reader}`,
      outline: OUTLINES[reader],
      other: `/help?for=${reader === 'student' ? 'teacher' : 'student'}`,
    });
  };
}
