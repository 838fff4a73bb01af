import type { ApprovedCourse, Certification, Rules } from '../domain/sector.ts';
import type { Phrase } from './find-phrases.ts';
import type { Word } from './find-words.ts';
import { type Lexicon, lexiconOf, type Strength } from './lexicon.ts';
import { rulesIndex } from './rules-index.ts';
import { blocking, namedBeside, type Qualified } from './title-qualifiers.ts';

/** A certification that a title names. */
export type NamedHere = {
  readonly certificationId: string;
  /** `inference`: by an equivalence that the sources do not state. */
  readonly strength: Strength | 'inference';
  readonly equivalenceId: string | null;
  readonly course: ApprovedCourse | null;
  readonly words: number;
  readonly start: number;
  /** Found only by putting the spelling right. */
  readonly corrected: boolean;
  /** A word beside a course says that it is this certification first, where the sector lists it. */
  readonly first: boolean;
  /** It is all that stands before a colon, and what follows explains it: `Soldering Workshop: Build Your Own Radio`. */
  readonly explained: boolean;
};

export type TakenBack = { readonly certificationId: string; readonly by: string };

/** A title, cut into what the rules know and what they do not. */
export type CutTitle = {
  readonly phrases: readonly Phrase[];
  readonly words: readonly Word[];
  /** Words that nothing explains. */
  readonly strange: readonly Word[];
  readonly qualifiers: readonly Qualified[];
  readonly negated: ReadonlySet<Phrase>;
};

/** The certifications that a title names, and those whose names its other words take back. */
export function certificationsIn(
  rules: Rules,
  title: CutTitle,
): { readonly certifications: readonly NamedHere[]; readonly takenBack: readonly TakenBack[] } {
  const { phrases, words, qualifiers, negated } = title;
  const lexicon = lexiconOf(rules);
  const certificationsById = rulesIndex(rules).certifications;
  const certifications: NamedHere[] = [];
  const takenBack: TakenBack[] = [];
  for (const phrase of phrases) {
    const explained = isExplained(phrase, title, lexicon);
    for (const named of namedBy(phrase, rules)) {
      const certification = certificationsById.get(named.certificationId);
      if (!isBelieved(named, certification, title, lexicon)) continue;
      const blocker =
        certification === undefined ? undefined : blocking(certification, named, qualifiers, words);
      const by = negated.has(phrase) ? 'negation' : blocker?.id;
      if (by === undefined) certifications.push({ ...named, explained });
      else takenBack.push({ certificationId: named.certificationId, by });
    }
  }
  const courses = phrases.filter(({ start }) => certifications.some((named) => named.start === start));
  for (const { certificationId, phrase } of namedBeside(qualifiers, courses, words, lexicon))
    certifications.push({ ...namedAt(phrase, certificationId, 'alias'), first: true });

  const kept = new Set(certifications.map((named) => named.certificationId));
  // `WHMIS Site-Specific Training – Greenhouse 4`: what is refused as one course is no hint at another.
  const refused = takenBack.some(({ by }) => by !== 'negation');
  return {
    certifications: refused ? certifications.filter((named) => !isHint(rules, named)) : certifications,
    takenBack: takenBack.filter((back) => !kept.has(back.certificationId)),
  };
}

/** A hint of one word at what fills a category: little beside the full name of something else. */
export function isLoneHint(rules: Rules, named: NamedHere): boolean {
  return named.words === 1 && isHint(rules, named);
}

/** What a board chose by name for a line is no hint. */
function isHint(rules: Rules, { strength, course, certificationId }: NamedHere): boolean {
  const nameType = rulesIndex(rules).certifications.get(certificationId)?.nameType;
  return strength === 'alias' && course === null && nameType === 'category';
}

function isBelieved(
  named: NamedHere,
  certification: Certification | undefined,
  { words, strange }: CutTitle,
  lexicon: Lexicon,
): boolean {
  const alone = strange.length === 0;
  if (named.strength === 'weak' && !alone) return false;
  if (named.words === 1 && standsForOther(named, words, lexicon)) return false;
  if (certification?.nameType !== 'category' || named.strength === 'title' || named.words > 1) return true;
  // `Solar Eclipse Viewing` is no course on solar energy, `Meditation` no misspelt mediation.
  if (named.corrected && !isMisprint(words[named.start])) return false;
  return alone || words.some(({ form }) => lexicon.course.has(form));
}

/** `CNC – Certified Nutrition Coach`: the title says itself what the letters stand for, in words that are none of ours. */
function standsForOther(
  { certificationId, start }: NamedHere,
  words: readonly Word[],
  { wordsOf, passable }: Lexicon,
): boolean {
  const letters = words[start]?.form ?? '';
  if (!/^\p{L}{3,5}$/u.test(letters)) return false;
  return words.some((_, at) => {
    const spelt = words.slice(at, at + letters.length).map(({ form }) => form);
    return (
      spelt.length === letters.length &&
      spelt.every((form, nth) => form.length > 1 && form[0] === letters[nth]) &&
      spelt.some((form) => !passable.has(form) && wordsOf.get(certificationId)?.has(form) !== true)
    );
  });
}

/** A long word that is exactly a known one but for how it was printed or scanned (`radi0protection`). */
function isMisprint(word: Word | undefined): boolean {
  return word?.corrected === true && word.form.length >= 8;
}

function isExplained({ start, end }: Phrase, { words, strange }: CutTitle, { course }: Lexicon): boolean {
  const ownWords = words.filter(({ part }) => part === 0);
  const colon = words.find(({ part }) => part === 1)?.segment === 0;
  if (words[start]?.part !== 0 || !colon || strange.some(({ part }) => part === 0)) return false;
  return end - start > 1 || ownWords.some(({ form }) => course.has(form));
}

function namedBy(phrase: Phrase, rules: Rules): readonly NamedHere[] {
  const { namesBeside } = lexiconOf(rules);
  return phrase.meanings.flatMap((meaning): readonly NamedHere[] => {
    if (meaning.kind === 'certification')
      return [
        {
          ...namedAt(phrase, meaning.id, meaning.strength),
          course: meaning.course,
          first: phrase.meanings.length > 1 && namesBeside.has(meaning.id),
        },
      ];
    if (meaning.kind !== 'equivalence') return [];
    const equivalence = rulesIndex(rules).equivalences.get(meaning.id);
    const strength = equivalence?.level === 'sourced' ? 'title' : 'inference';
    return (equivalence?.satisfies ?? []).map((id) => ({
      ...namedAt(phrase, id, strength),
      equivalenceId: meaning.id,
    }));
  });
}

function namedAt(phrase: Phrase, certificationId: string, strength: NamedHere['strength']): NamedHere {
  return {
    certificationId,
    strength,
    equivalenceId: null,
    course: null,
    words: phrase.end - phrase.start,
    start: phrase.start,
    corrected: phrase.corrected,
    first: false,
    explained: false,
  };
}
