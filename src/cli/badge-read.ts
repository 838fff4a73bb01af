import { readFile, stat } from 'node:fs/promises';
import { readBadgesFor } from '../badges/read-badges-for.ts';
import { loadMessages } from '../catalogue/load-messages.ts';
import type { Config } from '../config.ts';
import type { CredentialReport, Outcome } from '../domain/credential.ts';
import type { CredentialSource, ReadCredential } from '../domain/ports/read-credential.ts';
import type { Answer } from './command.ts';

/** Files above this are not opened: nothing that is handed in may be larger. */
const MAX_BYTES = 25 * 1024 * 1024;
const FINE: ReadonlySet<Outcome> = new Set([
  'verified',
  'issuer-unproven',
  'self-reported',
  'could-not-check',
]);

export type BadgeReadOptions = { readonly today?: string };

/** Reads and verifies one badge and prints the credential report of the operator interface. */
export async function badgeRead(config: Config, source: string, options: BadgeReadOptions): Promise<Answer> {
  const given = await sourceOf(source);
  if (given === null)
    return { code: 2, data: { problems: [`${source}: no such file`] }, text: `${source}: no such file` };
  const report = await badgeReader(config, options.today)(given, null);
  return { code: FINE.has(report.outcome) ? 0 : 1, data: report, text: describe(report) };
}

/** The reader the commands use; `today` judges dates as of the end of that day. */
export function badgeReader(config: Config, today: string | undefined): ReadCredential {
  const { say } = loadMessages(config.configDir);
  const fixed = today === undefined ? null : Date.parse(`${today}T23:59:59Z`);
  return readBadgesFor(config, { now: () => fixed ?? Date.now(), say });
}

/** A file when there is one of that name, else an address. Null when it is neither. */
export async function sourceOf(source: string): Promise<CredentialSource | null> {
  if (/^https?:\/\//i.test(source)) return { kind: 'address', address: source };
  try {
    const { size } = await stat(source);
    const bytes = size > MAX_BYTES ? new Uint8Array(MAX_BYTES) : await readFile(source);
    return { kind: 'file', bytes: new Uint8Array(bytes), fileName: source };
  } catch {
    return null;
  }
}

function describe(report: CredentialReport): string {
  const { credential } = report;
  const marks = { pass: '✔', fail: '✖', unknown: '?' } as const;
  return [
    `${report.outcome}  (${report.format})`,
    ...(credential.name === null ? [] : [`  ${credential.name}`]),
    ...(credential.issuer.name === null
      ? []
      : [`  ${credential.issuer.name}  ${credential.issuer.url ?? ''}`]),
    ...report.checks.map((check) => `  ${marks[check.result]} ${check.id}: ${check.detail}`),
  ].join('\n');
}
