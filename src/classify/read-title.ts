import type { ApprovedCourse, Certification, Rules, TitleQualifier } from '../domain/sector.ts';
import { findPhrases, type Phrase } from './find-phrases.ts';
import { findWords, type Word } from './find-words.ts';
import { type Lexicon, lexiconOf, type Strength } from './lexicon.ts';
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
  /** Words that nothing explains. */
  readonly unknown: number;
  readonly soft: boolean;
  readonly hidden: boolean;
  readonly addressed: boolean;
};

/** Reads the title of a certificate: which certifications it names, and what else it says about them. */
export function readTitle(rules: Rules, title: string, issuer: string | null): TitleReading {
  const lexicon = lexiconOf(rules);
  const visible = visibleText(title);
  const kept = withoutAddress(visible.text, lexicon);
  const words = findWords(kept.text, lexicon);
  const { phrases, unknown } = findPhrases(words, lexicon);
  const nameless = ofIssuer(words, phrases, issuer, lexicon);
  const strange = unknown.filter((at) => !nameless.has(at)).length;

  const qualifiers = qualifiersIn(phrases, words, lexicon);
  const negated = negatedPhrases(qualifiers, phrases, words);
  const alone = strange === 0;
  const aboutCourse = words.some((word) => lexicon.course.has(word.form));
  const certifications: NamedHere[] = [];
  const takenBack: { certificationId: string; by: string }[] = [];
  for (const phrase of phrases) {
    for (const here of namedBy(phrase, rules)) {
      const certification = lexicon.certifications.get(here.certificationId);
      if (here.strength === 'weak' && !alone) continue;
      if (certification?.nameType === 'category' && here.words === 1) {
        // `Solar Eclipse Viewing` is no course on solar energy, `Meditation` no misspelt mediation.
        if (here.corrected || (!alone && !aboutCourse)) continue;
      }
      const blocker =
        certification === undefined ? undefined : blocking(certification, here, qualifiers, words);
      const by = negated.has(phrase) ? 'negation' : blocker?.id;
      if (by === undefined) certifications.push(here);
      else takenBack.push({ certificationId: here.certificationId, by });
    }
  }
  const others = phrases.flatMap((phrase) =>
    phrase.meanings.flatMap((meaning) =>
      meaning.kind === 'other' && (meaning.strength !== 'weak' || alone) && !negated.has(phrase)
        ? [meaning.id]
        : [],
    ),
  );
  const named = new Set(certifications.map((here) => here.certificationId));
  return {
    says: phrases.some(speaks) || strange > 0 ? 'something' : 'nothing',
    certifications,
    others: [...new Set(others)],
    takenBack: takenBack.filter((back) => !named.has(back.certificationId)),
    confirm: confirming(qualifiers, certifications, lexicon, words),
    unfinished: qualifiers.some(({ qualifier }) => qualifier.effect === 'unfinished'),
    unknown: strange,
    soft: phrases.some((phrase) => phrase.meanings.length > 0 && phrase.meanings.every(isSoft)),
    hidden: visible.hidden,
    addressed: kept.addressed,
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

function namedBy(phrase: Phrase, rules: Rules): readonly NamedHere[] {
  const place = { words: phrase.end - phrase.start, start: phrase.start, corrected: phrase.corrected };
  return phrase.meanings.flatMap((meaning): readonly NamedHere[] => {
    if (meaning.kind === 'certification')
      return [
        {
          certificationId: meaning.id,
          strength: meaning.strength,
          equivalenceId: null,
          course: meaning.course,
          ...place,
        },
      ];
    if (meaning.kind !== 'equivalence') return [];
    const equivalence = rules.equivalences.find((candidate) => candidate.id === meaning.id);
    return (equivalence?.satisfies ?? []).map((certificationId) => ({
      certificationId,
      strength: equivalence?.level === 'sourced' ? 'title' : 'inference',
      equivalenceId: meaning.id,
      course: null,
      ...place,
    }));
  });
}

type Qualified = {
  readonly qualifier: TitleQualifier;
  readonly unless: ReadonlySet<string>;
  readonly phrase: Phrase;
};

/** A qualifier counts only where its words are not part of the name of something. */
function qualifiersIn(
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
function negatedPhrases(
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

function blocking(
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

function confirming(
  qualifiers: readonly Qualified[],
  certifications: readonly NamedHere[],
  lexicon: Lexicon,
  words: readonly Word[],
): readonly string[] {
  const ids = qualifiers.flatMap((qualified) => {
    const { effect, id } = qualified.qualifier;
    if (effect !== 'confirm') return effect === 'negate' ? [id] : [];
    const concerns = certifications.some((here) => {
      const certification = lexicon.certifications.get(here.certificationId);
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

function namesSomething(phrase: Phrase): boolean {
  return phrase.meanings.some(
    (m) => m.kind === 'certification' || m.kind === 'other' || m.kind === 'equivalence',
  );
}

function speaks(phrase: Phrase): boolean {
  return !phrase.meanings.some((meaning) => meaning.kind === 'neutral') || namesSomething(phrase);
}

function isSoft(meaning: Phrase['meanings'][number]): boolean {
  return meaning.kind === 'soft';
}
