import type { Phrase } from './find-phrases.ts';
import { findWords, type Word } from './find-words.ts';
import type { Lexicon } from './lexicon.ts';
import { namesSomething } from './title-qualifiers.ts';
import { visibleText } from './visible-text.ts';

/** Who is named around a title. A file called `WHMIS Maria Gonzalez.pdf` is about WHMIS. */
export type Around = { readonly issuer: string | null; readonly people: readonly string[] };

/** `Instructor: …`, `Formatrice : …` say who taught it, up to the next comma or dash. */
const TEACHER =
  /(?<=^\s*|[,;()\n|–—.]\s*|\s-\s+)(?:instructor|trainer|teacher|examiner|evaluator|facilitator|taught by|instruct(?:eur|rice)|format(?:eur|rice)|monit(?:eur|rice)|enseignante?|évaluat(?:eur|rice)|animat(?:eur|rice)|donné(?:e)? par)\s*:\s*[^,;()\n|–—]*/giu;

export function withoutTeacher(text: string): string {
  return text.includes(':') ? text.replace(TEACHER, ' ') : text;
}

/** Where a title has words that are nothing but the whole name of its issuer, or any part of a name of its student. */
export function wordsOfNames(
  words: readonly Word[],
  phrases: readonly Phrase[],
  { issuer, people }: Around,
  lexicon: Lexicon,
): ReadonlySet<number> {
  const personal = new Set(people.flatMap((name) => findWords(name, lexicon).map(({ form }) => form)));
  const found = new Set(ofIssuer(words, phrases, issuer, lexicon));
  words.forEach(({ form }, at) => {
    if (personal.has(form)) found.add(at);
  });
  return found;
}

function ofIssuer(
  words: readonly Word[],
  phrases: readonly Phrase[],
  issuer: string | null,
  lexicon: Lexicon,
): ReadonlySet<number> {
  const found = new Set<number>();
  if (issuer === null) return found;
  const name = findWords(visibleText(issuer).text, lexicon)
    .map((word) => word.form)
    .filter((form) => !/^(?:inc|ltd|limited|ltee|corp|llc|co)$/.test(form));
  if (name.length === 0) return found;
  for (let start = 0; start + name.length <= words.length; start += 1) {
    const same = name.every((form, at) => words[start + at]?.form === form);
    const taken = phrases.some(
      (phrase) => namesSomething(phrase) && phrase.start < start + name.length && phrase.end > start,
    );
    if (same && !taken) for (let at = 0; at < name.length; at += 1) found.add(start + at);
  }
  return found;
}
