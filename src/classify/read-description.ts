import type { Rules } from '../domain/sector.ts';
import { lexiconOf } from './lexicon.ts';
import { readTitle, type TitleReading } from './read-title.ts';
import type { Around } from './title-names.ts';
import { visibleText } from './visible-text.ts';

/**
 * Under a title that says nothing (`Certificate of Completion`), the course that the description says was completed; or the
 * description itself where it is no more than a title. A course that is only mentioned claims nothing. null: nothing found.
 */
export function readDescription(
  rules: Rules,
  description: string | null,
  around: Around,
): TitleReading | null {
  if (description === null || description.trim() === '') return null;
  const lexicon = lexiconOf(rules);
  const visible = visibleText(description);
  const sentences = visible.text.split(/[.;!?\n]+\s*/).filter((sentence) => sentence.trim() !== '');
  for (const sentence of sentences) {
    const folded = sentence.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’']/g, "'");
    if (lexicon.addressed.test(folded)) return null;
    const completed = lexicon.completed.exec(folded);
    if (completed === null) continue;
    const before = folded.slice(0, completed.index);
    if (
      /\b(?:not|never|before|if|when|who|after|once|must|should|pas|avant|apres|si|qui|doit)\b/i.test(before)
    )
      continue;
    const course = folded.slice(completed.index + completed[0].length);
    const upTo = course.split(
      /\b(?:for|who|which|that|so|because|before|after|pour|qui|afin|car|avant|apres)\b/i,
    )[0];
    const reading = readTitle(rules, upTo ?? '', around);
    if (reading.certifications.length > 0 || reading.others.length > 0)
      return { ...reading, hidden: reading.hidden || visible.hidden };
  }
  const [only, ...more] = sentences;
  if (only === undefined || more.length > 0) return null;
  const whole = readTitle(rules, only, around);
  return whole.says === 'something' && whole.unknown.length === 0 && whole.certifications.length > 0
    ? { ...whole, hidden: whole.hidden || visible.hidden }
    : null;
}
