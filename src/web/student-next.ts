import type { StudentHome } from '../services/course-views.ts';
import { droppedLines, type OpenItem, stillOpen } from './still-open.ts';
import { certificationName, type Reader } from './submission-view.ts';

export type NextSteps = {
  /** What to do first, in a sentence. */
  readonly first: string;
  /** Whether that is to wait, or nothing at all. */
  readonly isRest: boolean;
  /** What the list still needs, where the activity is about the whole list; and what has left it since. */
  readonly open: readonly OpenItem[];
};

/** What a student does next. */
export function nextSteps(reader: Reader, home: StudentHome): NextSteps {
  const { progress } = home;
  const open =
    home.activity.settings?.kind === 'record' && progress !== null ? stillOpen(reader, progress) : [];
  const [key, name] = firstStep(home, open.length > 0);
  return {
    first: reader.say(reader.locale, `student.home.next-${key}`, {
      name: name === null ? '' : certificationName(reader, name),
    }),
    isRest: key === 'waiting' || key === 'certification-done',
    open: [...open, ...droppedLines(reader, progress)],
  };
}

type Step =
  | 'returned'
  | 'supplementary'
  | 'certification'
  | 'certification-done'
  | 'open'
  | 'waiting'
  | 'any';

/** The step, and the certification that it is about. */
function firstStep({ activity, submissions, progress }: StudentHome, isOpen: boolean): [Step, string | null] {
  const { settings } = activity;
  if (submissions.some((submission) => submission.state === 'returned')) return ['returned', null];
  if (settings?.kind === 'supplementary') return ['supplementary', null];
  if (settings?.kind === 'certification' && settings.certificationId !== null) {
    const id = settings.certificationId;
    const line = progress?.lines.find((one) => one.certificationId === id);
    if (line?.lineStatus === 'waiting') return ['waiting', null];
    return [line === undefined || line.lineStatus === 'missing' ? 'certification' : 'certification-done', id];
  }
  if (isOpen) return ['open', null];
  return [submissions.some((submission) => submission.state === 'submitted') ? 'waiting' : 'any', null];
}
