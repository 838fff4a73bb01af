import type { Rules } from '../domain/sector.ts';
import { findPhrases, type Phrase } from './find-phrases.ts';
import { findWords, type Word } from './find-words.ts';
import { type Lexicon, lexiconOf } from './lexicon.ts';
import { rulesIndex } from './rules-index.ts';
import { certificationsIn, isLoneHint, type NamedHere, type TakenBack } from './title-certifications.ts';
import { type Around, withoutTeacher, wordsOfNames } from './title-names.ts';
import { confirming, namesSomething, negatedPhrases, qualifiersIn } from './title-qualifiers.ts';
import { visibleText } from './visible-text.ts';

export type TitleReading = {
  /** Nothing but words that any certificate carries. */
  readonly says: 'nothing' | 'something';
  readonly certifications: readonly NamedHere[];
  /** Things that are no certification of any list; `weak` ones only where nothing else is said. */
  readonly others: readonly string[];
  /** Certifications named in words that take them back (`without`, `awareness`, `not`), and by which qualifier. */
  readonly takenBack: readonly TakenBack[];
  readonly confirm: readonly string[];
  readonly unfinished: boolean;
  /** Words that nothing explains, and what each may be a spelling mistake of. */
  readonly unknown: readonly Word[];
  readonly soft: boolean;
  readonly hidden: boolean;
  readonly addressed: boolean;
};

/** Reads the title of a certificate: which certifications it names, and what else it says about them. */
export function readTitle(rules: Rules, title: string, around: Around): TitleReading {
  const lexicon = lexiconOf(rules);
  const visible = visibleText(title);
  const taught = withoutTeacher(visible.text);
  const spoken = withoutAddress(taught, lexicon);
  const words = findWords(spoken.text, lexicon);
  const { phrases, unknown } = findPhrases(words, lexicon);
  const nameless = wordsOfNames(words, phrases, around, lexicon);
  const strange = unknown.flatMap((at) => (nameless.has(at) ? [] : (words[at] ?? [])));

  const qualifiers = qualifiersIn(phrases, words, lexicon);
  const negated = negatedPhrases(qualifiers, phrases, words);
  const alone = strange.length === 0;
  const { certifications, takenBack } = certificationsIn(rules, {
    phrases,
    words,
    strange,
    qualifiers,
    negated,
  });
  const others = phrases.flatMap((phrase) =>
    phrase.meanings.flatMap((meaning) =>
      meaning.kind === 'other' && (meaning.strength !== 'weak' || alone) && !negated.has(phrase)
        ? [meaning.id]
        : [],
    ),
  );
  return {
    says: phrases.some(speaks) || strange.length > 0 ? 'something' : 'nothing',
    certifications:
      others.length === 0 ? certifications : certifications.filter((named) => !isLoneHint(rules, named)),
    others: [...new Set(others)],
    takenBack,
    confirm: confirming(qualifiers, certifications, rulesIndex(rules).certifications, words),
    unfinished: qualifiers.some(({ qualifier }) => qualifier.effect === 'unfinished'),
    unknown: strange,
    soft: phrases.some(isSoft) || taught !== visible.text,
    hidden: visible.hidden,
    addressed: spoken.addressed,
  };
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
