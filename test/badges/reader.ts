import { join } from 'node:path';
import { type IssuerList, NO_ISSUERS } from '../../src/badges/issuer-list.ts';
import { createReadCredential } from '../../src/badges/read-badge.ts';
import { createReadWords, type ReadWords } from '../../src/badges/read-words.ts';
import { createSafeFetch, type SafeFetchOptions } from '../../src/badges/safe-fetch.ts';
import { createWorkshop } from '../../src/badges/workshop.ts';
import { loadMessages } from '../../src/catalogue/load-messages.ts';
import type { ReadCredential } from '../../src/domain/ports/read-credential.ts';

export const NOW = Date.UTC(2026, 10, 22, 12);
const workshop = createWorkshop();
const readWords = createReadWords();
const { say } = loadMessages(join(import.meta.dirname, '../../config'));

/** The reader as it ships, with the clock and the way out given. */
export function readerWith(
  web: Partial<SafeFetchOptions> & {
    readonly issuers?: IssuerList;
    readonly now?: number;
    readonly readWords?: ReadWords;
  },
): ReadCredential {
  return createReadCredential({
    fetchPublic: createSafeFetch({ outbound: 'on', proxy: null, allowPrivateHosts: [], ...web }),
    now: () => web.now ?? NOW,
    say,
    issuers: web.issuers ?? NO_ISSUERS,
    workshop,
    readWords: web.readWords ?? readWords,
  });
}

export const file = (content: string | Uint8Array) =>
  ({
    kind: 'file',
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    fileName: 'badge',
  }) as const;
