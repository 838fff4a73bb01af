import type { CredentialReport, ExpectedRecipient } from '../domain/credential.ts';
import type { Day, NewId, Now } from '../domain/instant.ts';
import type { Say } from '../domain/local-text.ts';
import type { PlacementReport } from '../domain/placement.ts';
import type { AnswerPicking } from '../domain/ports/answer-picking.ts';
import type { Background } from '../domain/ports/background.ts';
import type { MakeInvite } from '../domain/ports/invites.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ReadCredential } from '../domain/ports/read-credential.ts';
import type { FetchRoster } from '../domain/ports/roster.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Rubric } from '../domain/rubric.ts';
import type { Rules } from '../domain/sector.ts';
import type { ProbeServices } from '../domain/service-probe.ts';

/** What the board's rules say of a credential. Bound to rules and words where the rooms are wired. */
export type PlaceCredential = (question: {
  readonly sectorId: string;
  readonly credential: CredentialReport;
  readonly expected: ExpectedRecipient;
  readonly today: Day;
  /** Others in this deployment that carry the same badge, file or number. */
  readonly duplicates: { readonly own: number; readonly others: number };
  /** When the student began the SHSM and plans to graduate, where somebody said so. */
  readonly startedOn?: Day | null;
  readonly graduatesOn?: Day | null;
}) => PlacementReport;

export type ServiceDeps = {
  readonly store: Store;
  readonly rules: Rules;
  readonly rubric: Rubric;
  readonly readCredential: ReadCredential;
  readonly placeCredential: PlaceCredential;
  readonly answerPicking: AnswerPicking;
  readonly probeServices: ProbeServices;
  readonly fetchRoster: FetchRoster;
  readonly makeInvite: MakeInvite;
  readonly background: Background;
  readonly now: Now;
  readonly newId: NewId;
  readonly say: Say;
  readonly log: Log;
  /** Tells the passback worker that a gradebook cell has become due. */
  readonly wakePassback: () => void;
};

/** A field that needs another look; `key` names the words in `config/messages/{en,fr}/problems.json`. */
export type FieldProblem = {
  readonly field: string;
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
};
