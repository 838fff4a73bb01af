import type { Certification, TitleQualifier } from '../domain/sector.ts';
import type { Phrase } from './find-phrases.ts';
import type { Word } from './find-words.ts';
import type { Lexicon } from './lexicon.ts';
import type { NamedHere } from './title-certifications.ts';

/** A word that changes what a title proves, where it stands. */
export type Qualified = {
  readonly qualifier: TitleQualifier;
  readonly unless: ReadonlySet<string>;
  readonly phrase: Phrase;
};

/** A qualifier counts only where its words are not part of the name of something. */
export function qualifiersIn(
  phrases: readonly Phrase[],
  words: readonly Word[],
  lexicon: Lexicon,
): readonly Qualified[] {
  return phrases.flatMap((phrase) => {
    if (phrase.meanings.some((m) => m.kind === 'certification' || m.kind === 'other')) return [];
    const next = words[phrase.end];
    return phrase.meanings.flatMap((meaning): readonly Qualified[] => {
      if (meaning.kind !== 'qualifier') return [];
      // `No. 4432` counts, it does not deny.
      const counts = meaning.qualifier.effect === 'negate' && words[phrase.start]?.form === 'no';
      if (counts && (next?.code === true || lexicon.passable.has(next?.form ?? ''))) return [];
      return [{ qualifier: meaning.qualifier, unless: meaning.unless, phrase }];
    });
  });
}

/** What a denial takes back: what follows it between two commas, or what precedes it where nothing follows. */
export function negatedPhrases(
  qualifiers: readonly Qualified[],
  phrases: readonly Phrase[],
  words: readonly Word[],
): ReadonlySet<Phrase> {
  const negated = new Set<Phrase>();
  const segmentOf = (phrase: Phrase) => words[phrase.start]?.segment;
  for (const { qualifier, phrase: denial } of qualifiers) {
    if (qualifier.effect !== 'negate') continue;
    const around = phrases.filter(
      (phrase) => phrase !== denial && segmentOf(phrase) === segmentOf(denial) && namesSomething(phrase),
    );
    const after = around.filter((phrase) => phrase.start > denial.start);
    for (const phrase of after.length > 0 ? after : around) negated.add(phrase);
  }
  return negated;
}

/** The qualifier that says a line is not met, if one does. */
export function blocking(
  certification: Certification,
  { strength }: NamedHere,
  qualifiers: readonly Qualified[],
  words: readonly Word[],
): TitleQualifier | undefined {
  return qualifiers.find((qualified) => {
    const { effect } = qualified.qualifier;
    const blocks = effect === 'block' || (effect === 'block-hint' && strength === 'weak');
    return blocks && applies(qualified, certification, words);
  })?.qualifier;
}

/** The qualifiers after which a person must look. */
export function confirming(
  qualifiers: readonly Qualified[],
  certifications: readonly NamedHere[],
  certificationsById: ReadonlyMap<string, Certification>,
  words: readonly Word[],
): readonly string[] {
  const ids = qualifiers.flatMap((qualified) => {
    const { effect, id } = qualified.qualifier;
    if (effect !== 'confirm') return effect === 'negate' ? [id] : [];
    const concerns = certifications.some((here) => {
      const certification = certificationsById.get(here.certificationId);
      return certification !== undefined && applies(qualified, certification, words);
    });
    return concerns ? [id] : [];
  });
  return [...new Set(ids)];
}

function applies(
  { qualifier: { certifications, kinds }, unless }: Qualified,
  certification: Certification,
  words: readonly Word[],
): boolean {
  if (certifications.length > 0 && !certifications.includes(certification.id)) return false;
  if (kinds.length > 0 && !kinds.includes(certification.kind) && !kinds.includes(certification.nameType))
    return false;
  return !words.some((word) => unless.has(word.form));
}

/** The certifications that a word names because it stands right beside a course (`First Aid Instructor`, `moniteur de secourisme`). */
export function namedBeside(
  qualifiers: readonly Qualified[],
  courses: readonly Phrase[],
  words: readonly Word[],
  { skip }: Lexicon,
): readonly { readonly certificationId: string; readonly phrase: Phrase }[] {
  return qualifiers.flatMap(({ qualifier: { names }, phrase }) => {
    if (names === null) return [];
    const beside = courses.some((course) => {
      const [first, second] = course.start < phrase.start ? [course, phrase] : [phrase, course];
      const together = words[first.start]?.segment === words[second.start]?.segment;
      return together && words.slice(first.end, second.start).every(({ form }) => skip.has(form));
    });
    return beside ? [{ certificationId: names, phrase }] : [];
  });
}

/** Whether a phrase is the name of a course, and not just a word of a certificate. */
export function namesSomething(phrase: Phrase): boolean {
  return phrase.meanings.some(
    (m) => m.kind === 'certification' || m.kind === 'other' || m.kind === 'equivalence',
  );
}
