import type { CredentialFacts, CredentialReport } from '../domain/credential.ts';
import type { QualityAnswer } from '../domain/placement.ts';
import type { QualityItem, Rules, Sector } from '../domain/sector.ts';
import { knownIssuer } from './known-issuer.ts';

type Answer = Pick<QualityAnswer, 'answer' | 'from'>;
type Read = Pick<CredentialReport, 'format' | 'outcome' | 'credential'>;

const NOT_STATED: Answer = { answer: 'not-stated', from: 'badge' };
const YES: Answer = { answer: 'yes', from: 'badge' };

/** The checklist for a badge that is on no list: yes, no or not stated, and who said so. Never a score. */
export function qualityAnswers(
  rules: Rules,
  items: readonly QualityItem[],
  sector: Sector | undefined,
  credential: Read,
): readonly QualityAnswer[] {
  return items.map(({ id, question }) => ({
    id,
    ...answerTo(id, rules, sector, credential),
    en: question.en,
    fr: question.fr,
  }));
}

function answerTo(id: string, rules: Rules, sector: Sector | undefined, read: Read): Answer {
  const facts = read.credential;
  const said = [facts.criteria, facts.description].filter((part) => part !== null).join(' ');
  switch (id) {
    case 'issuer_named':
      return knownIssuer(rules, facts.issuer) === null ? NOT_STATED : { answer: 'yes', from: 'issuer-list' };
    case 'competency_named':
      return stated(
        said,
        /\b(?:skills?|competenc(?:y|e|ies)|compétences?|habiletés?|knowledge|connaissances?)\b/iu,
      );
    case 'outcomes_stated':
      return stated(
        said,
        /\b(?:is able to|are able to|be able to|can (?:now )?\p{L}+|demonstrates?|learning outcomes?|est capable de|peut \p{L}+|résultats? d.apprentissage|démontre)\b/iu,
      );
    case 'assessed':
      return assessedAnswer(facts, said);
    case 'evidence_shown':
      return facts.evidence.length > 0 ? YES : NOT_STATED;
    case 'relevant':
      return mentionsSector(said, facts, sector) ? YES : NOT_STATED;
    case 'endorsed':
      return stated(
        said,
        /\b(?:endorsed|accredited|recogni[sz]ed) by\b|\b(?:approuvée?|reconnue?|agréée?) par\b/iu,
      );
    case 'verifiable':
      return verifiable(read);
    case 'portable':
      return /^open-badge|^verifiable/.test(read.format) ? YES : NOT_STATED;
    case 'pathway':
      return stated(
        said,
        /\b(?:stackable|leads? to|counts? towards?|pathway|next level|prerequisite for|mène à|prochain niveau|parcours|cumulable)\b/iu,
      );
    case 'size_stated':
      return facts.hours !== null
        ? YES
        : stated(said, /\b\d+(?:[.,]\d+)?\s*(?:h|hours?|hrs?|heures?|days?|jours?|weeks?|semaines?)\b/iu);
    default:
      return NOT_STATED;
  }
}

function stated(said: string, words: RegExp): Answer {
  return words.test(said) ? YES : NOT_STATED;
}

function assessedAnswer(facts: CredentialFacts, said: string): Answer {
  if (/\b(?:assess|evaluat|exam|quiz|test|évalu|examen)/iu.test(said)) return YES;
  return /\b(?:attend|particip|présence)/iu.test(`${facts.name ?? ''} ${said}`)
    ? { answer: 'no', from: 'badge' }
    : NOT_STATED;
}

function mentionsSector(said: string, facts: CredentialFacts, sector: Sector | undefined): boolean {
  if (sector === undefined) return false;
  const text = `${facts.name ?? ''} ${said}`.toLowerCase();
  return [sector.name.en, sector.name.fr]
    .flatMap((name) => name.toLowerCase().split(/[^\p{L}]+/u))
    .filter((word) => word.length > 5)
    .some((word) => text.includes(word));
}

function verifiable({ format, outcome }: Read): Answer {
  if (outcome === 'verified' || outcome === 'expired' || outcome === 'revoked') return YES;
  if (format === 'typed' || format === 'image' || format === 'pdf') return { answer: 'no', from: 'badge' };
  return NOT_STATED;
}
