import type { ApprovedCourse, Rules, TitleQualifier } from '../domain/sector.ts';
import { cutWords, splitLettersAndDigits, stem } from './title-words.ts';

/** `title`: a complete title. `alias`: a hint. `weak`: a hint only when the title says nothing else. */
export type Strength = 'title' | 'alias' | 'weak';

export type Meaning =
  | {
      readonly kind: 'certification';
      readonly id: string;
      readonly strength: Strength;
      /** Set where the board chose this very course for the line. */
      readonly course: ApprovedCourse | null;
    }
  | { readonly kind: 'other'; readonly id: string; readonly strength: Strength }
  | { readonly kind: 'equivalence'; readonly id: string }
  | { readonly kind: 'qualifier'; readonly qualifier: TitleQualifier; readonly unless: ReadonlySet<string> }
  | { readonly kind: 'neutral' }
  | { readonly kind: 'soft' };

export type LexiconNode = { readonly next: Map<string, LexiconNode>; readonly meanings: Meaning[] };

/** Every phrase the rules know, as a tree of words; built once for a set of rules. */
export type Lexicon = {
  readonly root: LexiconNode;
  readonly skip: ReadonlySet<string>;
  /** Single words that may stand inside a phrase without changing it. */
  readonly passable: ReadonlySet<string>;
  readonly vocabulary: ReadonlySet<string>;
  readonly course: ReadonlySet<string>;
  /** Certifications that a qualifier names beside a course. */
  readonly namesBeside: ReadonlySet<string>;
  /** The words that the names of a certification are made of. */
  readonly wordsOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Words with one letter left out → the words they come from, to find spelling mistakes. */
  readonly nearby: ReadonlyMap<string, readonly string[]>;
  readonly joined: RegExp | null;
  readonly addressed: RegExp;
  readonly completed: RegExp;
};

const built = new WeakMap<Rules, Lexicon>();

export function lexiconOf(rules: Rules): Lexicon {
  const known = built.get(rules);
  if (known !== undefined) return known;
  const lexicon = buildLexicon(rules);
  built.set(rules, lexicon);
  return lexicon;
}

function buildLexicon(rules: Rules): Lexicon {
  const { titleWords } = rules;
  const root: LexiconNode = { next: new Map(), meanings: [] };
  const skip = new Set(titleWords.skip.map(stem));
  const passable = new Set<string>();
  const vocabulary = new Set<string>(skip);
  const wordsOf = new Map<string, Set<string>>();

  const learn = (pattern: string, meaning: Meaning) => {
    for (const words of expand(pattern)) {
      const path = words.filter((word) => !skip.has(word));
      if (path.length === 0) continue;
      let node = root;
      for (const word of path) {
        vocabulary.add(word);
        if (meaning.kind === 'certification') addTo(wordsOf, meaning.id, word);
        let next = node.next.get(word);
        if (next === undefined) {
          next = { next: new Map(), meanings: [] };
          node.next.set(word, next);
        }
        node = next;
      }
      if (!node.meanings.some((known) => sameMeaning(known, meaning))) node.meanings.push(meaning);
      if (meaning.kind === 'neutral' && path.length === 1 && path[0] !== undefined) passable.add(path[0]);
    }
  };

  for (const course of rules.approvedCourses) {
    const id = course.certificationId;
    learn(course.title, { kind: 'certification', id, strength: 'alias', course });
  }
  for (const certification of rules.certifications) {
    const { id, nameType } = certification;
    const strong: Strength = nameType === 'named' ? 'title' : 'alias';
    for (const name of [certification.name.en, certification.name.fr])
      for (const form of namesWithout(name))
        learn(form, { kind: 'certification', id, strength: strong, course: null });
    for (const title of certification.titles)
      learn(title, { kind: 'certification', id, strength: strong, course: null });
    for (const weak of certification.weak)
      learn(weak, { kind: 'certification', id, strength: 'weak', course: null });
    for (const alias of certification.aliases)
      learn(alias, { kind: 'certification', id, strength: 'alias', course: null });
  }
  for (const other of rules.others) {
    for (const title of other.titles) learn(title, { kind: 'other', id: other.id, strength: 'title' });
    for (const weak of other.weak) learn(weak, { kind: 'other', id: other.id, strength: 'weak' });
  }
  for (const equivalence of rules.equivalences)
    for (const title of equivalence.titles) learn(title, { kind: 'equivalence', id: equivalence.id });
  for (const qualifier of titleWords.qualifiers) {
    const unless = new Set(qualifier.unless.flatMap(patternWords));
    for (const word of qualifier.words) learn(word, { kind: 'qualifier', qualifier, unless });
    for (const word of unless) vocabulary.add(word);
  }
  for (const word of titleWords.soft) learn(word, { kind: 'soft' });
  for (const word of titleWords.neutral) learn(word, { kind: 'neutral' });
  for (const issuer of rules.issuers) for (const name of issuer.names) learn(name, { kind: 'neutral' });

  return {
    root,
    skip,
    passable,
    vocabulary,
    wordsOf,
    namesBeside: new Set(titleWords.qualifiers.flatMap(({ names }) => names ?? [])),
    course: new Set(titleWords.course.flatMap(patternWords)),
    nearby: nearbyWords(vocabulary),
    joined: joinedGroups(vocabulary),
    addressed: phrases(titleWords.addressed),
    completed: phrases(titleWords.completed),
  };
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}

/** Every way to read a pattern: `cpr [aed] (level|lvl) c` is four of them. */
export function expand(pattern: string): readonly (readonly string[])[] {
  const parts = pattern.match(/\[[^\]]*\]|\([^)]*\)|[^[\]()]+/g) ?? [];
  let readings: string[][] = [[]];
  for (const part of parts) {
    const optional = part.startsWith('[');
    const grouped = optional || part.startsWith('(');
    const choices = (grouped ? part.slice(1, -1).split('|') : [part]).map(patternWords);
    if (optional) choices.push([]);
    readings = readings.flatMap((reading) => choices.map((choice) => [...reading, ...choice]));
  }
  return readings;
}

function patternWords(text: string): string[] {
  return cutWords(text, null).flatMap((word) =>
    word.text.includes('_') ? [stem(word.text)] : splitLettersAndDigits(word.text).map(stem),
  );
}

/** A name, and the name without what it has in brackets, unless they take something out (`other than alcohol`). */
function namesWithout(name: string): readonly string[] {
  const plain = name.replace(/[[\]|]/g, ' ');
  const short = plain.replace(/\([^)]*\)/g, ' ');
  return /\((?:other than|autre que)/.test(plain) ? [plain] : [plain.replace(/[()]/g, ' '), short];
}

function sameMeaning(a: Meaning, b: Meaning): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'qualifier' && b.kind === 'qualifier') return a.qualifier === b.qualifier;
  return 'id' in a && 'id' in b ? a.id === b.id : true;
}

function nearbyWords(vocabulary: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const nearby = new Map<string, string[]>();
  for (const word of vocabulary) {
    if (word.length < 5 || !/^\p{L}+$/u.test(word)) continue;
    for (const shorter of [word, ...withoutOneLetter(word)]) {
      const list = nearby.get(shorter);
      if (list === undefined) nearby.set(shorter, [word]);
      else if (!list.includes(word)) list.push(word);
    }
  }
  return nearby;
}

export function withoutOneLetter(word: string): readonly string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));
}

function joinedGroups(vocabulary: ReadonlySet<string>): RegExp | null {
  const groups = [...vocabulary].filter((word) => word.includes('_'));
  if (groups.length === 0) return null;
  const sources = groups
    .toSorted((a, b) => b.length - a.length)
    .map((group) => `${group.split('_').join('[\\s-]+')}s?`);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${sources.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

function phrases(sources: readonly string[]): RegExp {
  const folded = sources.map((source) => source.normalize('NFKD').replace(/\p{M}/gu, ''));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${folded.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}
