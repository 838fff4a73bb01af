import type { LaunchNote } from '../domain/launch-note.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Pages } from './render.ts';

/** The launch log as a table, and as lines to copy into a mail. */
export function launchNotesView(pages: Pages, locale: Locale, notes: readonly LaunchNote[]) {
  const say = (key: string) => pages.say(locale, key);
  return {
    rows: notes.map((note) => {
      // A launch without a role is let in as far as the page that says so.
      const words = note.refusal ?? (note.role === null ? 'public.no-role' : null);
      return {
        at: note.at,
        requestId: note.requestId,
        deploymentId: note.deploymentId ?? say('common.not-known'),
        state:
          note.refusal === null
            ? { tone: 'good', icon: 'pass', text: say('admin.launches.accepted') }
            : { tone: 'bad', icon: 'fail', text: say('admin.launches.refused') },
        why: words === null || !pages.has(`${words}.title`) ? null : say(`${words}.title`),
        fix: words === null || !pages.has(`${words}.fix`) ? null : say(`${words}.fix`),
        failed: note.failed,
        claim: note.claim,
      };
    }),
    text: notes.map(lineOf).join('\n'),
  };
}

function lineOf(note: LaunchNote): string {
  return [
    new Date(note.at).toISOString(),
    note.requestId,
    note.refusal === null ? 'accepted' : `refused ${note.refusal}`,
    `deployment=${note.deploymentId ?? '-'}`,
    `message=${note.messageType ?? '-'}`,
    `role=${note.role ?? '-'}`,
    `passed=${note.passed.join(',')}`,
    ...(note.failed === null ? [] : [`failed=${note.failed}`]),
    ...(note.claim === null ? [] : [`claim=${note.claim}`]),
  ].join(' ');
}
