import type { RequestHandler, Response } from 'express';
import type { StudentReadingView } from '../services/course-views.ts';
import { timeText } from './dates.ts';
import { contextOf } from './page-context.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { evidenceView, isWebAddress, type Reader } from './submission-view.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** What is being looked at, while it is: the page brings its result by itself, with and without JavaScript. */
export async function studentReading(
  { pages, services, now }: WebDeps,
  res: Response,
  view: StudentReadingView,
): Promise<void> {
  const { locale } = contextOf(res);
  const base = homeOf(liveViewer(res));
  const { submission, reading, evidence } = view;
  const reader: Reader = { say: pages.say, locale, rules: services.rules };
  const say = (key: string, params = {}) => pages.say(locale, `student.reading.${key}`, params);
  const { way, address } = submission.input;
  const here = `${base}/submissions/${encodeURIComponent(submission.id)}`;
  const age = now() - reading.since;
  pages.show(
    res,
    'student/reading',
    { title: say('title'), refreshSeconds: nextLook(age) },
    {
      heading: say('title'),
      badge: submission.input.typed.title.trim(),
      here,
      status: await readingStatus(reader, services, view, age),
      steps: stepsOf(view).map((step) => say(`look.${step}`, { host: hostOf(address) })),
      since: say('since', { time: timeText(locale, reading.since) }),
      submittedAt: submission.submittedAt,
      address: way === 'address' && isWebAddress(address) ? address.trim() : null,
      evidence: evidence === null || way === 'address' ? null : evidenceView(reader, evidence, base),
      wasPersonal: submission.input.wasPersonal === true,
      reflection: submission.reflection,
      action: here,
      version: submission.version,
    },
  );
}

/** For the script of a page that waits: whether the reading has ended, and what to say until then. */
export function sendReadingStatus({ pages, services, now }: WebDeps): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const { locale } = contextOf(res);
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
    const view = await services.courseViews.submissionView(liveViewer(res), req.params.id);
    const { submission } = view;
    const { reading } = submission;
    res.json(
      reading === null
        ? { isRead: true, text: pages.say(locale, 'student.reading.done') }
        : {
            isRead: false,
            text: await readingStatus(reader, services, { ...view, reading }, now() - reading.since),
          },
    );
  };
}

async function readingStatus(
  { say, locale }: Reader,
  services: WebDeps['services'],
  { reading }: Pick<StudentReadingView, 'reading'>,
  age: number,
): Promise<string> {
  const before = await services.courseViews.readBefore(reading);
  if (before > 0) return say(locale, 'student.reading.before', { count: before });
  if (age > MINUTE_MS) return say(locale, 'student.reading.long');
  return say(locale, reading.pace === 'slow' ? 'student.reading.photo' : 'student.reading.soon');
}

function stepsOf({ submission, reading }: StudentReadingView): readonly string[] {
  if (submission.input.way === 'address') return ['ask', 'unchanged', 'yours', 'place'];
  return reading.pace === 'slow'
    ? ['upright', 'letters', 'yours', 'place']
    : ['open', 'unchanged', 'yours', 'place'];
}

/** In seconds; the longer it takes, the less often a page without JavaScript asks. */
function nextLook(age: number): number {
  if (age < 20 * SECOND_MS) return 3;
  return age < 5 * MINUTE_MS ? 10 : 60;
}

function hostOf(address: string): string {
  return URL.parse(address.trim())?.host ?? '';
}
