import type { StudentHome } from '../services/course-views.ts';
import { droppedLines, type OpenItem, stillOpen } from './still-open.ts';
import { certificationName, type Reader } from './submission-view.ts';

/** What a student does next: a sentence, and what the list still needs where the activity is about the whole list. */
export function nextSteps(
  reader: Reader,
  home: StudentHome,
): { readonly first: string; readonly open: readonly OpenItem[] } {
  const { progress } = home;
  const open =
    home.activity.settings?.kind === 'record' && progress !== null ? stillOpen(reader, progress) : [];
  return {
    first: firstStep(reader, home, open.length > 0),
    open: [...open, ...droppedLines(reader, progress)],
  };
}

function firstStep(reader: Reader, home: StudentHome, isOpen: boolean): string {
  const say = (key: string, params = {}) => reader.say(reader.locale, `student.home.${key}`, params);
  const settings = home.activity.settings;
  if (home.submissions.some((submission) => submission.state === 'returned')) return say('next-returned');
  if (settings?.kind === 'supplementary') return say('next-supplementary');
  if (settings?.kind === 'certification' && settings.certificationId !== null) {
    const line = home.progress?.lines.find((one) => one.certificationId === settings.certificationId);
    const name = certificationName(reader, settings.certificationId);
    if (line?.lineStatus === 'waiting') return say('next-waiting');
    if (line === undefined || line.lineStatus === 'missing') return say('next-certification', { name });
    return say('next-certification-done', { name });
  }
  if (isOpen) return say('next-open');
  const isWaiting = home.submissions.some((submission) => submission.state === 'submitted');
  return say(isWaiting ? 'next-waiting' : 'next-any');
}
