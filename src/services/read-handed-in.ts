import type { CredentialReport, ExpectedRecipient, Outcome } from '../domain/credential.ts';
import type { CredentialSource } from '../domain/ports/read-credential.ts';
import type { SubmissionStore } from '../domain/ports/submission-store.ts';
import type { Submission } from '../domain/submission.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { typedFacts } from './submission-form.ts';

/** What was found, and what a student who is still there should mend first; both stand. */
export type HandedInReading = { readonly report: CredentialReport; readonly problem: FieldProblem | null };

/** What was found stands, also without a title: typed words never take the place of a badge that was revoked or changed. */
const SETTLED: ReadonlySet<Outcome> = new Set(['revoked', 'invalid', 'not-a-badge']);

/** Reads what a submission holds. A photo holds no badge, but with the typed words beside it it is proof: then the words are what is handed in. */
export async function readHandedIn(
  deps: Pick<ServiceDeps, 'readCredential'> & { readonly store: Pick<SubmissionStore, 'evidence'> },
  { input, reading }: Submission,
  expected: ExpectedRecipient,
): Promise<HandedInReading> {
  const source = await sourceOf(deps.store, input);
  const report = await deps.readCredential(
    source ?? { kind: 'typed', facts: typedFacts(input.typed) },
    expected,
  );
  const problem = (field: string, key: string): HandedInReading => ({
    report,
    problem: { field, key: `problems.${key}`, params: {} },
  });
  if (source === null) return problem('file', 'file-missing');
  if (source.kind === 'address') {
    const nothingRead = report.outcome === 'could-not-check' && report.credential.name === null;
    return nothingRead && !reading?.anyway ? problem('address', 'address-silent') : { report, problem: null };
  }
  if (report.outcome === 'unreadable') return problem('file', 'file-unreadable');
  const speaksForItself = report.credential.name !== null && report.outcome !== 'self-reported';
  if (speaksForItself || SETTLED.has(report.outcome)) return { report, problem: null };
  if (input.typed.title.trim() !== '')
    return {
      report: await deps.readCredential({ kind: 'typed', facts: typedFacts(input.typed) }, expected),
      problem: null,
    };
  return report.credential.name === null ? problem('title', 'file-no-data') : { report, problem: null };
}

/** null where the file that was handed in is not there. */
export async function sourceOf(
  store: Pick<SubmissionStore, 'evidence'>,
  input: Submission['input'],
): Promise<Exclude<CredentialSource, { kind: 'typed' }> | null> {
  const award = input.award ?? null;
  if (input.way === 'address') return { kind: 'address', address: input.address.trim(), award };
  const file = input.evidenceId === null ? null : await store.evidence(input.evidenceId);
  return file === null ? null : { kind: 'file', bytes: file.bytes, fileName: file.meta.fileName, award };
}
