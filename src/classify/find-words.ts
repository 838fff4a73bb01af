import { type Lexicon, withoutOneLetter } from './lexicon.ts';
import {
  cutWords,
  type RawWord,
  type Stretch,
  splitCamelCase,
  splitLettersAndDigits,
  stem,
} from './title-words.ts';

/** A word of a title as the lexicon knows it. */
export type Word = Stretch & {
  /** The form that phrases are looked up with. */
  readonly form: string;
  /** What it may be a spelling mistake of; empty when it is known, or like nothing that is known. */
  readonly alternatives: readonly string[];
  /** True when the form was put right already (`Wh mis`, `Flrst`). */
  readonly corrected: boolean;
  readonly known: boolean;
  /** A course code or a number: letters with digits that are no known word. */
  readonly code: boolean;
};

const MAX_WORDS = 80;
const MAX_ALTERNATIVES = 3;
/** What a scanner reads in place of a letter. */
const MISREAD: Readonly<Record<string, readonly string[]>> = {
  '0': ['o'],
  '1': ['i', 'l'],
  '3': ['e'],
  '4': ['a'],
  '5': ['s'],
  '6': ['g'],
  '8': ['b'],
};
/** `WHMlS`: letters that look alike in print. */
const ALIKE: Readonly<Record<string, readonly string[]>> = { i: ['i', 'l'], l: ['l', 'i'] };

/** The words of a title, with what scanners and hurried fingers did to them put right where only one reading fits. */
export function findWords(text: string, lexicon: Lexicon): readonly Word[] {
  const words = cutWords(joinCodes(text, lexicon), lexicon.joined)
    .slice(0, MAX_WORDS)
    .flatMap((raw) => readWord(raw, lexicon));
  return joinBroken(words, lexicon).map((word) => withAlternatives(word, lexicon));
}

/** `#B2J-77410` is a number, `HLT-204B` is one course code, unless its letters mean something (`SP-102`). */
function joinCodes(text: string, { vocabulary }: Lexicon): string {
  const numbered = !text.includes('#')
    ? text
    : text.replace(/(?<=#\s?)[\p{Lu}\p{N}]+(?:-[\p{Lu}\p{N}]+)*\p{N}/gu, (number) =>
        number.replace(/[^\p{N}]/gu, ''),
      );
  return numbered.replace(
    /(?<!\p{L})(\p{Lu}{2,6})-(\d{2,6}\p{Lu}{0,2})(?![\p{L}\p{N}])/gu,
    (whole, letters, rest) => (vocabulary.has(stem(String(letters))) ? whole : `${letters}${rest}`),
  );
}

function readWord({ text, segment, part }: RawWord, lexicon: Lexicon): readonly Word[] {
  const { vocabulary } = lexicon;
  const make = (form: string, corrected = false): Word => ({
    form,
    alternatives: [],
    corrected,
    known: vocabulary.has(form) || /^\p{N}+$/u.test(form),
    code: /^\p{N}+$/u.test(form),
    segment,
    part,
  });
  const whole = stem(text);
  if (vocabulary.has(whole)) return [make(whole)];

  const pieces = splitLettersAndDigits(text).map(stem);
  if (pieces.length > 1) {
    const letters = pieces.filter((piece) => !/^\p{N}+$/u.test(piece));
    if (letters.every((piece) => vocabulary.has(piece))) {
      const read = misread(text, vocabulary);
      // `F1rst` is no `f`, `1`, `rst`, nor `Leve1` a `levé`, but `5S` is `5`, `s`, and `Badge5` is `badge`, `5`.
      return read === null || letters.includes(read)
        ? pieces.map((piece) => make(piece))
        : [make(read, true)];
    }
    const read = misread(text, vocabulary);
    return [read === null ? { ...make(whole), code: true } : make(read, true)];
  }
  const camel = splitCamelCase(text).map(stem);
  if (camel.length > 1 && camel.some((piece) => piece.length > 2 && vocabulary.has(piece)))
    return camel.map((piece) => make(piece));
  const apart =
    whole.length >= 7 && nearWords(whole, lexicon).length === 0 ? wordBreak(whole, lexicon) : null;
  if (apart !== null) return apart.map((piece) => make(piece, true));
  const read = misread(text, vocabulary, ALIKE);
  return [read === null ? make(whole) : make(read, true)];
}

function misread(
  text: string,
  vocabulary: ReadonlySet<string>,
  table: Readonly<Record<string, readonly string[]>> = MISREAD,
): string | null {
  let readings = [''];
  for (const letter of text.toLowerCase()) {
    const choices = table[letter] ?? [letter];
    readings = readings.flatMap((reading) => choices.map((choice) => reading + choice)).slice(0, 64);
  }
  const found = new Set(readings.map(stem).filter((word) => word.length > 2 && vocabulary.has(word)));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** `workingatheights` → `working`, `at`, `height`; null unless known words fill it to the last letter. */
function wordBreak(word: string, lexicon: Lexicon): readonly string[] | null {
  if (!/^\p{L}+$/u.test(word) || word.length > 40) return null;
  const fits = (piece: string) =>
    piece.length >= 3 ? lexicon.vocabulary.has(stem(piece)) : lexicon.skip.has(piece) && piece.length === 2;
  const best: (readonly string[] | null)[] = [[]];
  for (let end = 1; end <= word.length; end += 1) {
    best[end] = null;
    for (let start = 0; start < end; start += 1) {
      const before = best[start];
      const piece = word.slice(start, end);
      if (before == null || !fits(piece)) continue;
      const current = best[end];
      if (current == null || before.length + 1 < current.length) best[end] = [...before, stem(piece)];
    }
  }
  const found = best[word.length] ?? null;
  return found !== null && found.length > 1 && found.length <= 4 ? found : null;
}

/** `W HMIS` → `whmis`: two pieces, at least one of them unknown, that make a known word together. */
function joinBroken(words: readonly Word[], lexicon: Lexicon): readonly Word[] {
  const joined: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const next = words[at + 1];
    if (word === undefined) continue;
    const together = next === undefined ? '' : stem(word.form + next.form);
    if (
      next !== undefined &&
      (!word.known || !next.known) &&
      word.segment === next.segment &&
      together.length >= 5 &&
      lexicon.vocabulary.has(together)
    ) {
      joined.push({ ...word, form: together, corrected: true, known: true, code: false });
      at += 1;
    } else joined.push(word);
  }
  return joined;
}

function withAlternatives(word: Word, lexicon: Lexicon): Word {
  if (word.known || word.code) return word;
  const near = nearWords(word.form, lexicon);
  return near.length > 0 && near.length <= MAX_ALTERNATIVES ? { ...word, alternatives: near } : word;
}

/** Known words that are one slip of the finger away. */
function nearWords(form: string, lexicon: Lexicon): readonly string[] {
  if (form.length < 4) return [];
  const near = new Set<string>();
  for (const look of [form, ...withoutOneLetter(form)])
    for (const candidate of lexicon.nearby.get(look) ?? [])
      if (oneEditApart(form, candidate)) near.add(candidate);
  const letters = form.replaceAll('rn', 'm').replaceAll('vv', 'w');
  if (near.size === 0 && letters !== form && lexicon.vocabulary.has(letters)) near.add(letters);
  return [...near];
}

/** One letter more, less, other, or two neighbours swapped; the first one is right, or `Readers` would be `Leaders`. */
function oneEditApart(a: string, b: string): boolean {
  if (a[0] !== b[0] && a[0] !== b[1]) return false;
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.length === restB.length)
    return (
      restA.slice(1) === restB.slice(1) ||
      (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
    );
  return restA.length > restB.length ? restA.slice(1) === restB : restB.slice(1) === restA;
}
