import type { CredentialFacts, CredentialReport } from '../domain/credential.ts';
import type { QualityAnswer } from '../domain/placement.ts';
import type { QualityItem, Rules, Sector } from '../domain/sector.ts';
import { assessment } from './assessment.ts';
import { knownIssuer } from './known-issuer.ts';
import { cutWords, stem } from './title-words.ts';

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
  // What was typed in is what the student says of the badge, not what the badge says of itself.
  const source = credential.format === 'typed' ? 'student' : 'badge';
  return items.map(({ id, question }) => ({
    id,
    ...by(source, answerTo(id, rules, sector, credential)),
    en: question.en,
    fr: question.fr,
  }));
}

function by(source: 'student' | 'badge', { answer, from }: Answer): Answer {
  return { answer, from: answer === 'yes' && from === 'badge' ? source : from };
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
        /\b(?:skills?|competenc(?:y|e|ies)|compétences?|habiletés?)\b(?:\s+\p{L}+){0,3}?\s*(?::|\b(?:of|in|such as|includ(?:e|es|ing)|covered|gained|like|en|de|du|des|comme|acquises?|visées?|dont)\b)/iu,
      );
    case 'outcomes_stated':
      return stated(
        said,
        /\b(?:is able to|are able to|be able to|can (?:now )?\p{L}+|demonstrates?|learning outcomes?|est capable de|peut \p{L}+|résultats? d.apprentissage|démontre)\b/iu,
      );
    case 'assessed':
      return assessedAnswer(facts);
    case 'evidence_shown':
      return facts.evidence.length > 0 ? YES : NOT_STATED;
    case 'relevant':
      return mentionsSector(`${facts.name ?? ''} ${said}`, sector)
        ? { answer: 'yes', from: 'rules' }
        : NOT_STATED;
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

function assessedAnswer(facts: CredentialFacts): Answer {
  const found = assessment(facts);
  if (found === 'assessed') return YES;
  return found === 'attended' ? { answer: 'no', from: 'badge' } : NOT_STATED;
}

/** Whole words only: `Carpet` is not about cars. */
function mentionsSector(text: string, sector: Sector | undefined): boolean {
  if (sector === undefined) return false;
  const words = ` ${stems(text)} `;
  return sector.keywords.some((keyword) => words.includes(` ${stems(keyword)} `));
}

function stems(text: string): string {
  return cutWords(text, null)
    .map((word) => stem(word.text))
    .join(' ');
}

function verifiable({ format, outcome }: Read): Answer {
  if (outcome === 'verified' || outcome === 'expired' || outcome === 'revoked') return YES;
  if (format === 'typed' || format === 'image' || format === 'pdf') return { answer: 'no', from: 'badge' };
  return NOT_STATED;
}
