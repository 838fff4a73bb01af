/**
 * Whether two spellings name the same person: order, accents, hyphens, initials and middle names do not matter.
 * `unsure` when only the family name or only a short form fits; never more than a hint.
 */
export function sameName(a: string, b: string): 'same' | 'unsure' | 'different' {
  const answers = spellings(a).flatMap((one) => spellings(b).map((two) => compare(one, two)));
  return (
    answers.find((answer) => answer === 'same') ??
    answers.find((answer) => answer === 'unsure') ??
    'different'
  );
}

function compare(one: readonly string[], two: readonly string[]): 'same' | 'unsure' | 'different' {
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
  // One name alone may be a nickname or half of what was printed.
  return matched === 0 && fewer.length > 1 ? 'different' : 'unsure';
}

function beginsAlike(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return (short.length === 1 || short.length >= 3) && long.startsWith(short);
}

/** Letters that no accent can be taken off. */
const PLAIN: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ø: 'o', ł: 'l', đ: 'd', ß: 'ss', ı: 'i' };

/** Its parts with hyphens as spaces, and with hyphens left out: Mary-Ann is Mary Ann and Maryann. */
function spellings(name: string): readonly (readonly string[])[] {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}'’ʼ`]/gu, '')
    .toLowerCase()
    .replace(/[œæøłđßı]/g, (letter) => PLAIN[letter] ?? letter);
  const parts = (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  const hyphens = /[\p{Pd}]/gu;
  return [parts(plain), ...(hyphens.test(plain) ? [parts(plain.replace(hyphens, ''))] : [])];
}
