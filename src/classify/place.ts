import type { CredentialReport, ExpectedRecipient } from '../domain/credential.ts';
import type { Day } from '../domain/instant.ts';
import type { Say } from '../domain/local-text.ts';
import type { PlacementReport } from '../domain/placement.ts';
import type { OtherCredential, QualityItem, Rules, Sector } from '../domain/sector.ts';
import { isAboutMore } from './about-more.ts';
import { clippedFacts } from './clipped-facts.ts';
import { type FilledLine, fillLines } from './fill-lines.ts';
import { sameOrganization } from './known-issuer.ts';
import { placementChecks } from './placement-checks.ts';
import { qualityAnswers } from './quality.ts';
import { readDescription } from './read-description.ts';
import { readTitle, type TitleReading } from './read-title.ts';
import { createReasons, type Reasons } from './reasons.ts';
import { rulesIndex } from './rules-index.ts';

export type PlaceQuestion = {
  readonly rules: Rules;
  readonly quality: readonly QualityItem[];
  readonly say: Say;
  readonly sectorId: string;
  readonly credential: Pick<CredentialReport, 'format' | 'outcome' | 'credential' | 'facts'>;
  readonly expected: ExpectedRecipient | null;
  readonly today: Day;
  /** Others that carry the same badge, file or number; null when nobody looked. */
  readonly duplicates: { readonly own: number; readonly others: number } | null;
  /** When the student began the SHSM and will graduate, where that is known. */
  readonly startedOn?: Day | null;
  readonly graduatesOn?: Day | null;
};

/** Outcomes that say nothing about what was learned: what such a file claims is not believed. */
const NOT_BELIEVED: ReadonlySet<string> = new Set(['invalid', 'not-a-badge', 'no-badge-data', 'unreadable']);
const NOT_IN_FORCE: ReadonlySet<string> = new Set(['revoked', 'not-yet-valid']);

/** Checks that no proposal is certain without. A lapsed certificate keeps its line: no SHSM rule on expiry was found. */
const MUST_PASS: ReadonlySet<string> = new Set(['recipient', 'assessed', 'hours', 'dates', 'duplicate']);

type Verdict = Pick<
  PlacementReport,
  'placement' | 'certification' | 'also' | 'match' | 'needsConfirmation' | 'confidence'
>;

const UNDETERMINED: Verdict = {
  placement: 'undetermined',
  certification: null,
  also: [],
  match: 'none',
  needsConfirmation: true,
  confidence: 0.2,
};

/**
 * Proposes which line of the sector's list a credential fills, or none, with the reasons. The title decides; a description
 * is looked at only under a title that says nothing. Never throws, whatever strangers wrote.
 */
export function place(asked: PlaceQuestion): PlacementReport {
  const { rules, say, sectorId } = asked;
  const credential = { ...asked.credential, credential: clippedFacts(asked.credential.credential) };
  const question = { ...asked, credential };
  const reasons = createReasons(say, rules);
  const sector = rulesIndex(rules).sectors.get(sectorId);
  const verdict = judge(question, sector, reasons);
  const checks = placementChecks(question, verdict.certification);
  const doubtful = checks.some(({ id, result }) => result === 'fail' && MUST_PASS.has(id));
  if (doubtful && verdict.certification !== null) reasons.add('check-failed');
  return {
    sector: sectorId,
    rulesVersion: rules.version,
    ...verdict,
    needsConfirmation: verdict.needsConfirmation || doubtful,
    reasons: reasons.given,
    checks,
    quality:
      verdict.placement === 'supplementary'
        ? qualityAnswers(rules, question.quality, sector, credential)
        : [],
  };
}

function judge(question: PlaceQuestion, sector: Sector | undefined, reasons: Reasons): Verdict {
  const { rules, credential } = question;
  if (sector === undefined) {
    reasons.add('sector-unknown');
    return UNDETERMINED;
  }
  if (NOT_BELIEVED.has(credential.outcome)) {
    reasons.add('not-believed');
    return UNDETERMINED;
  }
  const facts = credential.credential;
  const people = [facts.recipient.name, question.expected?.name].flatMap((name) => name ?? []);
  const around = { issuer: facts.issuer.name, people };
  const title = readTitle(rules, facts.name ?? '', around);
  const described = title.says === 'nothing' && !title.addressed;
  const reading = described ? readDescription(rules, facts.description, around) : title;
  if (reading === null) {
    reasons.add(facts.name === null || facts.name.trim() === '' ? 'no-title' : 'title-says-nothing');
    return UNDETERMINED;
  }
  if (title.hidden || reading.hidden) reasons.add('hidden-text');
  if (title.addressed || reading.addressed) reasons.add('addressed-to-reader');
  if (reading.says === 'nothing') {
    reasons.add('title-says-nothing');
    return UNDETERMINED;
  }
  if (reading.unfinished) {
    reasons.add('not-finished');
    return UNDETERMINED;
  }
  const inForce = !NOT_IN_FORCE.has(credential.outcome);
  return proposal(rules, sector, reading, { described, inForce, issuer: facts.issuer.name }, reasons);
}

function proposal(
  rules: Rules,
  sector: Sector,
  reading: TitleReading,
  doubts: { readonly described: boolean; readonly inForce: boolean; readonly issuer: string | null },
  reasons: Reasons,
): Verdict {
  const filled = fillLines(rules, sector, reading);
  const elsewhere = otherComponent(rules, reading);
  if (elsewhere !== undefined && !(filled !== null && filled.main.named.strength === 'title')) {
    reasons.text(`other-component.${elsewhere.id}`, elsewhere.reason);
    return {
      ...UNDETERMINED,
      placement: 'other-component',
      confidence: 0.9,
    };
  }
  if (filled === null) return onNoList(rules, sector, reading, reasons);

  const { main, also, further } = filled;
  if (!doubts.described && isAboutMore(rules, reading, main)) {
    reasons.add('title-is-about-more', main.certification.name);
    return UNDETERMINED;
  }
  const { line, certification, named } = main;
  const lines = [main, ...also];
  const certain =
    lines.every(countsAlone) &&
    further.length === 0 &&
    reading.unknown.length === 0 &&
    !reading.soft &&
    reading.confirm.length === 0 &&
    reading.others.length === 0 &&
    reading.takenBack.length === 0 &&
    reading.certifications.every((here) =>
      lines.some((filledLine) => filledLine.certification.id === here.certificationId),
    ) &&
    !reading.hidden &&
    !reading.addressed &&
    !doubts.described &&
    doubts.inForce;

  if (doubts.described) reasons.add('match.description');
  explainMatch(main, doubts.issuer, reasons);
  for (const extra of also) reasons.add('match.also', extra.certification.name);
  if (also.length > 0 && filled.equivalence !== null)
    reasons.text(`equivalence.${filled.equivalence.id}`, filled.equivalence.reason);
  reasons.line(line, sector);
  if (lines.some(({ named: { corrected } }) => corrected)) reasons.add('match.spelling');
  for (const id of reading.confirm) reasons.add(`qualifier.${id}`);
  for (const other of further) reasons.add('also-possible', other.certification.name);
  for (const { certificationId } of reading.certifications)
    if (!sector.lines.some((known) => known.certificationId === certificationId))
      reasons.add('also-named', reasons.nameOf(certificationId));
  for (const { certificationId, by } of reading.takenBack)
    reasons.add(`taken-back.${by}`, reasons.nameOf(certificationId));
  explainOthers(rules, reading, reasons);
  if (!doubts.inForce) reasons.add('not-in-force');
  if (!certain && named.strength === 'title' && (reading.unknown.length > 0 || reading.soft))
    reasons.add('title-says-more');

  return {
    placement: line.role === 'compulsory' ? 'compulsory' : 'elective',
    certification: certification.id,
    also: also.map((extra) => extra.certification.id),
    match: certification.nameType,
    needsConfirmation: !certain,
    confidence: confidenceOf(main, certain, doubts.described),
  };
}

/** A certain match: a complete title of a `named` line that the sources put on the list themselves. */
function countsAlone({ line, certification, named }: FilledLine): boolean {
  return (
    certification.nameType === 'named' &&
    named.strength === 'title' &&
    !named.corrected &&
    line.countsAlone &&
    line.layer !== 'candidate' &&
    line.role !== 'unknown'
  );
}

function otherComponent(rules: Rules, reading: TitleReading) {
  return othersOf(rules, reading).find((other) => other.treatAs === 'other-component');
}

function othersOf(rules: Rules, reading: TitleReading): readonly OtherCredential[] {
  return reading.others.flatMap((id) => rulesIndex(rules).others.get(id) ?? []);
}

function onNoList(rules: Rules, sector: Sector, reading: TitleReading, reasons: Reasons): Verdict {
  explainOthers(rules, reading, reasons);
  for (const { certificationId, by } of reading.takenBack)
    reasons.add(`taken-back.${by}`, reasons.nameOf(certificationId));
  const known = [...new Set(reading.certifications.map((here) => here.certificationId))];
  for (const id of known) {
    const listed = sector.lines.some((line) => line.certificationId === id);
    reasons.add(listed ? 'only-a-hint' : 'on-no-list', reasons.nameOf(id));
  }
  const explained = known.length > 0 || reading.takenBack.length > 0 || reading.others.length > 0;
  if (!explained) reasons.add('unknown-title');
  reasons.add('complements');
  return {
    placement: 'supplementary',
    certification: null,
    also: [],
    match: 'none',
    needsConfirmation: true,
    confidence: explained ? 0.8 : 0.6,
  };
}

function explainMatch({ certification, named }: FilledLine, issuer: string | null, reasons: Reasons): void {
  const { name, nameType } = certification;
  const { course } = named;
  if (named.equivalenceId !== null) reasons.equivalence(named.equivalenceId);
  else if (course !== null && (course.issuer === null || sameOrganization(course.issuer, issuer)))
    reasons.decided('match.board-course', name, course.decided);
  else if (course !== null)
    reasons.add('match.board-course-elsewhere', { en: course.issuer ?? '', fr: course.issuer ?? '' });
  else if (nameType === 'category') reasons.add('match.category', name);
  else if (named.strength === 'title') reasons.add('match.title', name);
  else if (named.strength === 'weak') reasons.add('match.level-not-stated', name);
  else reasons.add('match.alias', name);
}

function explainOthers(rules: Rules, reading: TitleReading, reasons: Reasons): void {
  for (const other of othersOf(rules, reading))
    if (other.treatAs === 'not-equivalent') reasons.text(`not-equivalent.${other.id}`, other.reason);
}

function confidenceOf(main: FilledLine, certain: boolean, described: boolean): number {
  const { line, certification, named } = main;
  if (certain) return 0.98;
  let confidence = certification.nameType === 'named' ? 0.8 : 0.7;
  if (named.strength === 'inference') confidence -= 0.05;
  if (named.strength === 'weak') confidence -= 0.35;
  if (named.course !== null) confidence += 0.2;
  if (certification.broad) confidence -= 0.15;
  if (line.layer === 'candidate') confidence -= 0.25;
  else if (!line.countsAlone) confidence -= 0.1;
  if (named.corrected) confidence -= 0.1;
  if (described) confidence -= 0.2;
  return Math.round(Math.max(confidence, 0.1) * 100) / 100;
}
