import type { Word } from './find-words.ts';
import type { Lexicon, LexiconNode, Meaning } from './lexicon.ts';

/** A stretch of a title that the rules know. */
export type Phrase = {
  readonly start: number;
  /** One past its last word. */
  readonly end: number;
  readonly meanings: readonly Meaning[];
  readonly corrected: boolean;
};

export type Coverage = {
  readonly phrases: readonly Phrase[];
  /** Words that no phrase holds and that mean something. */
  readonly unknown: readonly number[];
};

const UNKNOWN_COST = 100;
/** A number costs more than a phrase, so that one that means something (`WHMIS 1988`) is heard. */
const CODE_COST = 2;
/** Of two ways to cut, the one without a weak hint: `working at heights`, `training`, not `working`, `heights training`. */
const WEAK_COST = 0.5;

/**
 * Cuts a title into the phrases the rules know, so that as few words as possible stay unknown and the phrases are as long
 * as possible: `Mental Health First Aid` is one phrase and holds no `First Aid`.
 */
export function findPhrases(words: readonly Word[], lexicon: Lexicon): Coverage {
  const cost: number[] = new Array(words.length + 1).fill(0);
  const step: (Phrase | null)[] = new Array(words.length).fill(null);
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at];
    if (word === undefined) continue;
    const alone = lexicon.skip.has(word.form) ? 0 : word.code ? CODE_COST : UNKNOWN_COST;
    cost[at] = (cost[at + 1] ?? 0) + alone;
    for (const phrase of phrasesFrom(at, words, lexicon)) {
      const total =
        1 + (phrase.corrected ? 2 : 0) + (isWeak(phrase) ? WEAK_COST : 0) + (cost[phrase.end] ?? 0);
      if (total < (cost[at] ?? 0)) {
        cost[at] = total;
        step[at] = phrase;
      }
    }
  }
  const phrases: Phrase[] = [];
  const unknown: number[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = step[at];
    const word = words[at];
    if (phrase != null) {
      phrases.push(phrase);
      at = phrase.end;
    } else {
      if (word !== undefined && !lexicon.skip.has(word.form) && !word.code) unknown.push(at);
      at += 1;
    }
  }
  return { phrases, unknown };
}

function isWeak({ meanings }: Phrase): boolean {
  return meanings.some((meaning) => 'strength' in meaning && meaning.strength === 'weak');
}

/** Every phrase that begins at a word. Small words and words any certificate carries may stand inside one. */
function phrasesFrom(start: number, words: readonly Word[], lexicon: Lexicon): readonly Phrase[] {
  const found: Phrase[] = [];
  walk(lexicon.root, start, 0, 0);
  return found;

  function walk(node: LexiconNode, at: number, taken: number, corrections: number): void {
    const word = words[at];
    if (word === undefined) return;
    const next = node.next.get(word.form);
    if (next !== undefined) {
      step(next, at + 1, taken + 1, corrections + (word.corrected ? 1 : 0));
      return;
    }
    for (const alternative of word.alternatives) {
      const near = node.next.get(alternative);
      if (near !== undefined) step(near, at + 1, taken + 1, corrections + 1);
    }
    if (taken > 0 && passes(word)) walk(node, at + 1, taken, corrections);
  }

  function step(node: LexiconNode, end: number, taken: number, corrections: number): void {
    if (node.meanings.length > 0 && allowed(taken, corrections, end))
      found.push({ start, end, meanings: node.meanings, corrected: corrections > 0 });
    walk(node, end, taken, corrections);
  }

  function passes(word: Word): boolean {
    if (lexicon.skip.has(word.form) || lexicon.passable.has(word.form)) return true;
    return word.code && lexicon.root.next.get(word.form)?.meanings.length !== 1;
  }

  /** A lone misspelt word must be long to be believed. */
  function allowed(taken: number, corrections: number, end: number): boolean {
    const last = words[end - 1];
    if (corrections === 0 || last === undefined) return true;
    return taken > 1 || last.corrected || last.form.length >= 6;
  }
}
