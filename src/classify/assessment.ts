import type { CredentialFacts } from '../domain/credential.ts';

const ASSESSED =
  /\b(?:assess(?:ed|ment)?|evaluat(?:ed|ion)|exam(?:ination)?|tests?|quiz(?:zes)?|pass(?:ed|ing)? (?:mark|grade|score)|skills? check|demonstrat\w+|examen|évaluation|évaluée?s?|épreuve|note de passage)\b/iu;
const ATTENDED =
  /\b(?:attended|attendance|attendee|participated in|participation (?:in|à)|(?:of|de) participation|a participé|présence|assisté à)(?!\p{L})/iu;

const NOT_ASSESSED = /\b(?:no|not|without|sans|aucune?)\s+(?:an?\s+)?(?:assess|evaluat|exam|test|évalu)/iu;

/** Whether a certificate says that the learning was assessed, or speaks of attendance only. */
export function assessment(facts: CredentialFacts): 'assessed' | 'attended' | 'not-stated' {
  const said = [facts.criteria, facts.description].join(' ');
  if (ASSESSED.test(said) && !NOT_ASSESSED.test(said)) return 'assessed';
  return ATTENDED.test([facts.name, said].join(' ')) ? 'attended' : 'not-stated';
}
