import type { CredentialReport, ExpectedRecipient } from '../domain/credential.ts';
import type { Now } from '../domain/instant.ts';
import type { Say } from '../domain/local-text.ts';
import type { CredentialSource, ReadCredential } from '../domain/ports/read-credential.ts';
import { withoutPersonalParts } from '../domain/share-link.ts';
import { unknown } from './finding.ts';
import type { IssuerList } from './issuer-list.ts';
import { noteKnownIssuer } from './known-issuer.ts';
import { createLookups } from './lookups.ts';
import { readAddress, readHostedAt } from './read-address.ts';
import { readFile } from './read-file.ts';
import { readTyped } from './read-typed.ts';
import type { ReadWords } from './read-words.ts';
import { nothing, type Reading } from './reading.ts';
import type { SafeFetch } from './safe-fetch.ts';
import { toReport, type Verdict } from './verdict.ts';
import type { Workshop } from './workshop.ts';

export type ReaderTools = {
  readonly fetchPublic: SafeFetch;
  readonly now: Now;
  readonly say: Say;
  readonly issuers: IssuerList;
  readonly workshop: Workshop;
  readonly readWords: ReadWords;
};

/** Reads and verifies what a student handed in. Never throws on what it was given: every outcome is a value. */
export function createReadCredential(tools: ReaderTools): ReadCredential {
  return async (source, expected): Promise<CredentialReport> => {
    const now = tools.now();
    const reading = startReading(
      tools,
      now,
      expected,
      source.kind === 'typed' ? null : (source.award ?? null),
    );
    let verdict: Verdict;
    try {
      const found = await read(source, reading);
      verdict = { ...found, findings: [...found.findings, ...noteKnownIssuer(found, tools.issuers)] };
    } catch {
      verdict = nothing('unreadable', 'unreadable', [unknown('source.failed')]);
    }
    return toReport(verdict, tools.say, now);
  };
}

function startReading(
  tools: ReaderTools,
  now: number,
  expected: ExpectedRecipient | null,
  award: string | null,
): Reading {
  const reading: Reading = {
    occasion: { now, expected },
    award,
    follow: (address) => readHostedAt(withoutPersonalParts(address).address, reading),
    tools: { ...tools, lookups: createLookups(tools.fetchPublic) },
  };
  return reading;
}

function read(source: CredentialSource, reading: Reading): Promise<Verdict> {
  switch (source.kind) {
    case 'typed':
      return Promise.resolve(readTyped(source.facts));
    case 'file':
      return readFile(source.bytes, reading);
    case 'address':
      return readAddress(source.address, reading);
  }
}
