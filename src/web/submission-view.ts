import type { CredentialReport, Outcome } from '../domain/credential.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { Locale, Say } from '../domain/local-text.ts';
import {
  type PlacementReport,
  type QualityAnswer,
  type QualityKnown,
  withTeacherAnswers,
} from '../domain/placement.ts';
import { recheckAt } from '../domain/recheck.ts';
import type { Rules } from '../domain/sector.ts';
import type { Evidence, Submission, SubmissionState } from '../domain/submission.ts';
import { dayText, instantText } from './dates.ts';
import { factsView } from './fact-view.ts';
import { frenchMarks } from './french-marks.ts';

/** A state as an icon and words, so that colour is never the only sign. */
export type Chip = { readonly tone: string; readonly icon: string; readonly text: string };

const STATES: Readonly<Record<SubmissionState, readonly [tone: string, icon: string]>> = {
  draft: ['plain', 'draft'],
  submitted: ['info', 'waiting'],
  returned: ['caution', 'returned'],
  accepted: ['good', 'pass'],
  withdrawn: ['plain', 'missing'],
};

const OUTCOMES: Readonly<Record<Outcome, readonly [tone: string, icon: string]>> = {
  verified: ['good', 'pass'],
  'issuer-unproven': ['caution', 'unknown'],
  expired: ['caution', 'warning'],
  'not-yet-valid': ['caution', 'warning'],
  revoked: ['bad', 'fail'],
  invalid: ['bad', 'fail'],
  'could-not-check': ['caution', 'unknown'],
  'self-reported': ['info', 'unknown'],
  'not-a-badge': ['bad', 'fail'],
  'no-badge-data': ['caution', 'unknown'],
  unreadable: ['bad', 'fail'],
};

/** A genuine badge of somebody else, or of nobody we can name, is not simply "verified" to the person who reads the headline. */
const UNSURE_WHOSE: Readonly<Record<string, readonly [tone: string, icon: string]>> = {
  'verified-someone-else': ['caution', 'warning'],
  'verified-recipient-unknown': ['info', 'pass'],
  'verified-typed-address': ['info', 'pass'],
  'several-awards': ['info', 'unknown'],
};

/** The outcome as the headline says it. */
export function headlineOf(credential: CredentialReport): keyof typeof UNSURE_WHOSE | Outcome {
  if (credential.outcome === 'not-a-badge' && credential.awards !== undefined) return 'several-awards';
  if (credential.outcome !== 'verified') return credential.outcome;
  const { matches, by } = credential.credential.recipient;
  if (by === 'typed-email') return 'verified-typed-address';
  if (matches === false) return 'verified-someone-else';
  return matches === null ? 'verified-recipient-unknown' : 'verified';
}

function look(headline: string): readonly [tone: string, icon: string] {
  return OUTCOMES[headline as Outcome] ?? UNSURE_WHOSE[headline] ?? OUTCOMES['self-reported'];
}

export type Reader = { readonly say: Say; readonly locale: Locale; readonly rules: Rules };

export function stateChip({ say, locale }: Reader, { state, reading }: Submission): Chip {
  if (state === 'submitted' && reading !== null)
    return { tone: 'info', icon: 'waiting', text: say(locale, 'common.state.reading') };
  const [tone, icon] = STATES[state];
  return { tone, icon, text: say(locale, `common.state.${state}`) };
}

export function outcomeChip({ say, locale }: Reader, { credential, reading }: Submission): Chip {
  if (credential === null && reading !== null)
    return { tone: 'info', icon: 'waiting', text: say(locale, 'common.being-read.short') };
  const headline = credential === null ? 'self-reported' : headlineOf(credential);
  const [tone, icon] = look(headline);
  return { tone, icon, text: say(locale, `common.outcome.${headline}.short`) };
}

/** Its name as a line of a list begins: with a capital. */
export function certificationName({ rules, locale }: Pick<Reader, 'rules' | 'locale'>, id: string): string {
  const name = rules.certifications.find((candidate) => candidate.id === id)?.name[locale] ?? id;
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

/** What the student calls it: the badge's own title, or what was typed. */
export function badgeName({ say, locale }: Reader, submission: Submission): string {
  const typed = submission.input.typed.title.trim();
  return submission.credential?.credential.name ?? (typed === '' ? say(locale, 'common.untitled') : typed);
}

/** What the machine read and proposes, in the reader's language. Kept reports carry their own words in both languages. */
export function submissionView(
  reader: Reader,
  submission: Submission,
  evidence: Evidence | null,
  base: string,
) {
  const { credential, placement } = submission;
  const { locale } = reader;
  return {
    verdict: verdict(reader, submission),
    again: lookAgain(reader, submission),
    place: place(reader, submission),
    facts: credential === null ? [] : factsView(locale, credential),
    ...sortedChecks(checks(reader, credential, placement)),
    checkedAt: credential?.checkedAt ?? null,
    report: `${base}/submissions/${encodeURIComponent(submission.id)}/report`,
    quality:
      placement === null
        ? null
        : qualityView(reader, placement.quality, submission.decision?.quality ?? {}, false),
    address:
      submission.input.way === 'address' && isWebAddress(submission.input.address)
        ? submission.input.address.trim()
        : null,
    wasPersonal: submission.input.wasPersonal === true,
    evidence:
      evidence === null || submission.input.way === 'address' ? null : evidenceView(reader, evidence, base),
  };
}

/** When it is looked at again without anybody asking, where that can change something; null where nothing is to be said. */
function lookAgain({ say, locale }: Reader, submission: Submission): string | null {
  const { state, credential } = submission;
  const at = recheckAt(submission);
  const isOpen = credential?.outcome === 'could-not-check' && (state === 'submitted' || state === 'accepted');
  if (isOpen && credential.isOffline === true) return say(locale, 'common.again.off');
  if (isOpen)
    return at === null
      ? say(locale, 'common.again.over')
      : say(locale, 'common.again.soon', { at: instantText(locale, at) });
  return at === null ? null : say(locale, 'common.again.month', { day: dayText(locale, dayInOntario(at)) });
}

function verdict({ say, locale }: Reader, { credential, reading }: Submission) {
  if (credential === null) {
    const key = reading === null ? 'common.not-read' : 'common.being-read';
    return {
      tone: reading === null ? 'plain' : 'info',
      icon: reading === null ? 'unknown' : 'waiting',
      title: say(locale, `${key}.title`),
      text: say(locale, `${key}.text`),
    };
  }
  const headline = headlineOf(credential);
  const [tone, icon] = look(headline);
  return {
    tone,
    icon,
    title: say(locale, `common.outcome.${headline}.title`),
    text: say(locale, `common.outcome.${headline}.text`),
  };
}

/** Where it would count; a certification that only some boards accept never reads as a line of the list. */
function place(reader: Reader, { placement: report, sectorId }: Submission) {
  const { say, locale } = reader;
  if (report === null)
    return {
      title: say(locale, 'common.place.none'),
      short: say(locale, 'common.place.none'),
      lines: [],
      confirm: null,
      reasons: [],
    };
  const proposed = proposedLines(report);
  const sector = reader.rules.sectors.find((one) => one.id === sectorId);
  const isCandidate = sector?.lines.some(
    (line) => line.layer === 'candidate' && proposed.includes(line.certificationId),
  );
  const kind = isCandidate ? 'candidate' : report.placement;
  return {
    title: say(locale, `common.place.${kind}`),
    short: say(locale, `common.placement.${kind}`),
    lines: proposed.map((id) => certificationName(reader, id)),
    confirm: report.needsConfirmation ? say(locale, 'common.place.confirm') : null,
    reasons: report.reasons.map((reason) => keptWords(locale, reason[locale])),
  };
}

/** The lines a proposal fills: one, or more where a combined course does. */
export function proposedLines(report: PlacementReport | null): readonly string[] {
  return report?.certification ? [report.certification, ...report.also] : [];
}

/** What needs a look comes first. */
const URGENCY = { fail: 0, unknown: 1, pass: 2 } as const;

/** The reader of the badge has said these already, with what it looked at. */
const SAID_BY_READER: ReadonlySet<string> = new Set(['verified', 'recipient', 'expiry']);

function checks({ locale }: Reader, credential: CredentialReport | null, placement: PlacementReport | null) {
  const read = new Set(credential?.checks.map((check) => check.id));
  const all = [
    ...(credential?.checks ?? []).map((check) => ({
      result: check.result,
      text: keptWords(locale, locale === 'fr' ? check.detailFr : check.detail),
    })),
    ...(placement?.checks ?? [])
      .filter(({ id }) => !SAID_BY_READER.has(id) || (id !== 'verified' && !read.has(id)))
      .map((check) => ({ result: check.result, text: keptWords(locale, check[locale]) })),
  ];
  return all.toSorted((a, b) => URGENCY[a.result] - URGENCY[b.result]);
}

/** What needs a look stands alone; what is in order is counted, and folded where there is something to look at. */
function sortedChecks(all: ReturnType<typeof checks>) {
  const look = all.filter((check) => check.result !== 'pass');
  return { checks: all, look, passed: all.filter((check) => check.result === 'pass') };
}

/** The words of a kept report as a page shows them: days in words, French with its own marks. */
function keptWords(locale: Locale, text: string): string {
  const withDays = text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => dayText(locale, day));
  return locale === 'fr' ? frenchMarks(withDays) : withDays;
}

const ANSWER_ICONS = { yes: 'pass', no: 'fail', 'not-stated': 'unknown' } as const;

/** `ask`: what the badge does not say is asked of the teacher, in the form `decision`. */
export function qualityView(
  { locale }: Reader,
  answers: readonly QualityAnswer[],
  known: QualityKnown,
  ask: boolean,
) {
  if (answers.length === 0) return null;
  const all = withTeacherAnswers(answers, known);
  return {
    ask,
    shown: all.filter((answer) => answer.answer === 'yes').length,
    total: all.length,
    answers: all.map((answer, at) => ({
      id: answer.id,
      answer: answer.answer,
      isYes: answer.answer === 'yes',
      isNo: answer.answer === 'no',
      isAsked: ask && answers[at]?.answer === 'not-stated',
      from: answer.from,
      icon: ANSWER_ICONS[answer.answer],
      text: keptWords(locale, answer[locale]),
    })),
  };
}

export function evidenceView(
  { say, locale }: Pick<Reader, 'say' | 'locale'>,
  evidence: Evidence,
  base: string,
) {
  return {
    name: evidence.fileName,
    href: `${base}/evidence/${encodeURIComponent(evidence.id)}`,
    size: say(locale, 'common.kilobytes', { count: Math.max(1, Math.round(evidence.size / 1024)) }),
    image: /\.(png|jpe?g)$/i.test(evidence.fileName),
  };
}

/** Only what starts with http may become a link: `javascript:` is no address of a badge. */
export function isWebAddress(text: string): boolean {
  const url = URL.parse(text.trim());
  return url !== null && ['http:', 'https:'].includes(url.protocol);
}
