import type { Config } from '../config.ts';
import { openStore } from '../open-store.ts';
import type { Answer } from './command.ts';

/** What was checked of the last launches, newest first. No personal data: safe to send to whoever helps. */
export async function launchLog(
  config: Config,
  options: { readonly platform?: string; readonly limit: number },
): Promise<Answer> {
  const store = await openStore(config.database);
  try {
    const notes = await store.launchNotes(options.platform ?? null, options.limit);
    const data = notes.map((note) => ({ ...note, at: new Date(note.at).toISOString() }));
    const text = data.map((note) =>
      [
        `${note.at}  ${note.requestId}  ${note.refusal === null ? 'let in' : `refused: ${note.refusal}`}`,
        `  platform ${note.platformId}  deployment ${note.deploymentId ?? '-'}  ${note.messageType ?? '-'}  role ${note.role ?? '-'}`,
        `  passed ${note.passed.join(' ')}${note.failed === null ? '' : `  failed ${note.failed}`}${note.claim === null ? '' : `  claim ${note.claim}`}`,
      ].join('\n'),
    );
    return { code: 0, data, text: text.join('\n') || 'No launch is noted yet.' };
  } finally {
    await store.close();
  }
}
