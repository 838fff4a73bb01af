import { cutWords } from './title-words.ts';
import { visibleText } from './visible-text.ts';

/**
 * Whether two spellings name the same person: order, accents, hyphens, initials and middle names do not matter.
 * `unsure` when only the family name or only a short form fits; never more than a hint.
 */
export function sameName(a: string, b: string): 'same' | 'unsure' | 'different' {
  const one = parts(a);
  const two = parts(b);
  const [fewer, more] = one.length <= two.length ? [one, two] : [two, one];
  if (fewer.length === 0) return 'unsure';
  const left = [...more];
  let whole = 0;
  let begun = 0;
  for (const part of fewer.toSorted((x, y) => y.length - x.length)) {
    const exact = left.indexOf(part);
    const short = left.findIndex((other) => beginsAlike(part, other));
    if (exact >= 0) {
      whole += 1;
      left.splice(exact, 1);
    } else if (short >= 0) {
      begun += 1;
      left.splice(short, 1);
    }
  }
  const matched = whole + begun;
  if (matched === fewer.length && fewer.length > 1 && whole >= 1) return 'same';
  return matched === 0 ? 'different' : 'unsure';
}

function beginsAlike(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return (short.length === 1 || short.length >= 3) && long.startsWith(short);
}

function parts(name: string): readonly string[] {
  return cutWords(visibleText(name).text, null).map((word) => word.text.toLowerCase());
}
