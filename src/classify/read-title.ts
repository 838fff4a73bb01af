import type { ApprovedCourse, Rules } from '../domain/sector.ts';
import { findPhrases, type Phrase } from './find-phrases.ts';
import { findWords, type Word } from './find-words.ts';
import { type Lexicon, lexiconOf, type Strength } from './lexicon.ts';
import { rulesIndex } from './rules-index.ts';
import {
  blocking,
  confirming,
  namedBeside,
  namesSomething,
  negatedPhrases,
  qualifiersIn,
} from './title-qualifiers.ts';
import { visibleText } from './visible-text.ts';

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

export type TitleReading = {
  /** Nothing but words that any certificate carries. */
  readonly says: 'nothing' | 'something';
  readonly certifications: readonly NamedHere[];
  /** Things that are no certification of any list; `weak` ones only where nothing else is said. */
  readonly others: readonly string[];
  /** Certifications named in words that take them back (`without`, `awareness`, `not`), and by which qualifier. */
  readonly takenBack: readonly { readonly certificationId: string; readonly by: string }[];
  readonly confirm: readonly string[];
  readonly unfinished: boolean;
  /** Words that nothing explains, and what each may be a spelling mistake of. */
  readonly unknown: readonly Word[];
  readonly soft: boolean;
  readonly hidden: boolean;
  readonly addressed: boolean;
};

/** Who is named around a title. A file called `WHMIS Maria Gonzalez.pdf` is about WHMIS. */
export type Around = { readonly issuer: string | null; readonly people: readonly string[] };

/** Reads the title of a certificate: which certifications it names, and what else it says about them. */
export function readTitle(rules: Rules, title: string, { issuer, people }: Around): TitleReading {
  const lexicon = lexiconOf(rules);
  const visible = visibleText(title);
  const taught = visible.text.includes(':') ? visible.text.replace(TEACHER, ' ') : visible.text;
  const spoken = withoutAddress(taught, lexicon);
  const words = findWords(spoken.text, lexicon);
  const { phrases, unknown } = findPhrases(words, lexicon);
  const nameless = ofIssuer(words, phrases, issuer, lexicon);
  const personal = new Set(people.flatMap((name) => findWords(name, lexicon).map(({ form }) => form)));
  const strange = unknown
    .flatMap((at) => (nameless.has(at) ? [] : (words[at] ?? [])))
    .filter(({ form }) => !personal.has(form));

  const qualifiers = qualifiersIn(phrases, words, lexicon);
  const negated = negatedPhrases(qualifiers, phrases, words);
  const alone = strange.length === 0;
  const aboutCourse = words.some((word) => lexicon.course.has(word.form));
  const certificationsById = rulesIndex(rules).certifications;
  const certifications: NamedHere[] = [];
  const takenBack: { certificationId: string; by: string }[] = [];
  for (const phrase of phrases) {
    for (const named of namedBy(phrase, rules)) {
      const certification = certificationsById.get(named.certificationId);
      if (named.strength === 'weak' && !alone) continue;
      if (certification?.nameType === 'category' && named.strength !== 'title') {
        // `Solar Eclipse Viewing` is no course on solar energy, `Meditation` no misspelt mediation.
        const slip = named.corrected && !isMisprint(words[named.start]);
        if (named.words === 1 && (slip || (!alone && !aboutCourse))) continue;
      }
      const blocker =
        certification === undefined ? undefined : blocking(certification, named, qualifiers, words);
      const by = negated.has(phrase) ? 'negation' : blocker?.id;
      const explained = isExplained(phrase, words, strange, lexicon);
      if (by === undefined) certifications.push({ ...named, explained });
      else takenBack.push({ certificationId: named.certificationId, by });
    }
  }
  const courses = phrases.filter(({ start }) => certifications.some((named) => named.start === start));
  for (const { certificationId, phrase } of namedBeside(qualifiers, courses, words, lexicon))
    certifications.push({ ...here(phrase, certificationId, 'alias'), first: true });
  const others = phrases.flatMap((phrase) =>
    phrase.meanings.flatMap((meaning) =>
      meaning.kind === 'other' && (meaning.strength !== 'weak' || alone) && !negated.has(phrase)
        ? [meaning.id]
        : [],
    ),
  );
  const kept = new Set(certifications.map((named) => named.certificationId));
  // `WHMIS Site-Specific Training – Greenhouse 4`: what is refused as one course is no hint at another.
  const refused = takenBack.some(({ by }) => by !== 'negation');
  const isStrayHint = (named: NamedHere) =>
    named.strength === 'alias' &&
    certificationsById.get(named.certificationId)?.nameType === 'category' &&
    (refused || (others.length > 0 && named.words === 1));
  return {
    says: phrases.some(speaks) || strange.length > 0 ? 'something' : 'nothing',
    certifications: certifications.filter((here) => !isStrayHint(here)),
    others: [...new Set(others)],
    takenBack: takenBack.filter((back) => !kept.has(back.certificationId)),
    confirm: confirming(qualifiers, certifications, certificationsById, words),
    unfinished: qualifiers.some(({ qualifier }) => qualifier.effect === 'unfinished'),
    unknown: strange,
    soft: phrases.some(isSoft) || taught !== visible.text,
    hidden: visible.hidden,
    addressed: spoken.addressed,
  };
}

function isExplained(
  { start, end }: Phrase,
  words: readonly Word[],
  strange: readonly Word[],
  { course }: Lexicon,
): boolean {
  const ownWords = words.filter(({ part }) => part === 0);
  const colon = words.find(({ part }) => part === 1)?.segment === 0;
  if (words[start]?.part !== 0 || !colon || strange.some(({ part }) => part === 0)) return false;
  return end - start > 1 || ownWords.some(({ form }) => course.has(form));
}

/** A long word that is exactly a known one but for how it was printed or scanned (`radi0protection`). */
function isMisprint(word: Word | undefined): boolean {
  return word?.corrected === true && word.form.length >= 8;
}

/** Text that speaks to the reader ends the title: its sentence and what follows are left out. */
function withoutAddress(text: string, lexicon: Lexicon): { text: string; addressed: boolean } {
  let end = 0;
  for (const sentence of text.split(/(?<=[.;!?\n|–—()])|(?<=\s-\s)/)) {
    const folded = sentence.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’']/g, ' ');
    if (lexicon.addressed.test(folded)) return { text: text.slice(0, end), addressed: true };
    end += sentence.length;
  }
  return { text, addressed: false };
}

/** `Instructor: …`, `Formatrice : …` say who taught it, up to the next comma or dash. */
const TEACHER =
  /(?<![\p{L}\p{N}])(?:instructor|trainer|teacher|examiner|evaluator|facilitator|taught by|instruct(?:eur|rice)|format(?:eur|rice)|monit(?:eur|rice)|enseignante?|évaluat(?:eur|rice)|animat(?:eur|rice)|donné(?:e)? par)\s*:\s*[^,;()\n|–—]*/giu;

function namedBy(phrase: Phrase, rules: Rules): readonly NamedHere[] {
  const { namesBeside } = lexiconOf(rules);
  return phrase.meanings.flatMap((meaning): readonly NamedHere[] => {
    if (meaning.kind === 'certification')
      return [
        {
          ...here(phrase, meaning.id, meaning.strength),
          course: meaning.course,
          first: namesBeside.has(meaning.id),
        },
      ];
    if (meaning.kind !== 'equivalence') return [];
    const equivalence = rulesIndex(rules).equivalences.get(meaning.id);
    const strength = equivalence?.level === 'sourced' ? 'title' : 'inference';
    return (equivalence?.satisfies ?? []).map((id) => ({
      ...here(phrase, id, strength),
      equivalenceId: meaning.id,
    }));
  });
}

function here(phrase: Phrase, certificationId: string, strength: NamedHere['strength']): NamedHere {
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

/** Words of a title that are nothing but the whole name of the issuer. */
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

/** `Certificate of Participation` says how, not what: words that only ask for a person name nothing. */
function speaks(phrase: Phrase): boolean {
  if (namesSomething(phrase)) return true;
  if (phrase.meanings.some((meaning) => meaning.kind === 'neutral')) return false;
  return !phrase.meanings.every(
    (meaning) =>
      meaning.kind === 'qualifier' &&
      meaning.qualifier.effect === 'confirm' &&
      !meaning.qualifier.namesAnEvent,
  );
}

/** A qualifier that concerns only hints leaves a soft word soft. */
function isSoft({ meanings }: Phrase): boolean {
  return (
    meanings.some((meaning) => meaning.kind === 'soft') &&
    meanings.every(
      (meaning) =>
        meaning.kind === 'soft' ||
        (meaning.kind === 'qualifier' && meaning.qualifier.effect === 'block-hint'),
    )
  );
}
