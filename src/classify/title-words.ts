/** Where a word stands: in which stretch between commas, brackets or dashes, and in which part, which a colon ends too. */
export type Stretch = { readonly segment: number; readonly part: number };

/** A word of a title: its folded forms, and where it stands. */
export type RawWord = Stretch & { readonly text: string };

/**
 * Cuts a text into words: case kept, accents and apostrophes folded (`d’urgence` → `urgence`, `W.H.M.I.S.` → `WHMIS`,
 * `Rowan’s` → `Rowan`, `Network+` → `Network plus`). `joined` are word groups that count as one (`in progress`).
 */
export function cutWords(text: string, joined: RegExp | null): readonly RawWord[] {
  let plain = withoutAccents(text).replace(SPACED_OUT, (letters) => letters.replaceAll(' ', ''));
  if (/['.+%@]/.test(plain))
    plain = plain
      .replace(/\b(?:\p{L}\.){2,}(?:\p{L}\b)?/gu, (letters) => letters.replaceAll('.', ''))
      .replace(/(?<![\p{L}\p{N}])(?:[ldnsjmt]|qu)'(?=\p{L})/giu, '')
      .replace(/'s\b/gi, '')
      .replace(/(?<=\p{L})\+(?![\p{L}\p{N}])/gu, ' plus ')
      .replaceAll('%', ' percent ')
      .replaceAll('@', ' at ');
  if (joined !== null)
    plain = plain.replaceAll('_', ' ').replace(joined, (group) => group.replace(/[\s-]+/g, '_'));
  const words: RawWord[] = [];
  let segment = 0;
  let part = 0;
  let at = 0;
  for (const match of plain.matchAll(/[\p{L}\p{N}_]+/gu)) {
    const between = plain.slice(at, match.index);
    const cut = at > 0 && /[,;()[\]|\n.!?•·–—]|\s-\s/.test(between);
    if (cut) segment += 1;
    if (cut || (at > 0 && between.includes(': '))) part += 1;
    words.push({ text: match[0], segment, part });
    at = match.index + match[0].length;
  }
  return words;
}

/** `W H M I S`: three letters or more, each one space from the next. */
const SPACED_OUT = /(?<![\p{L}\p{N}'’])\p{Lu}(?: \p{Lu}){2,}(?![\p{L}\p{N}'’])/gu;

/** `SERVICE A LA CLIENTELE`, `freins a air`: a lone `a` between two words, unless it is the letter of a level. */
const BARE_A =
  /(?<=\p{L}\s+)a(?=\s+(?:la|l['’]|une?)(?!\p{L}))|(?<=\p{L}\s+)(?<!(?:level|lvl|niveau|niv|cpr|rcr|class|classe|type|grade|hcp|and|et|or|ou)\s+)a(?=\s+(?!(?:level|lvl|niveau|niv|and|et|or|ou|with|avec|plus|cpr|rcr|aed|dea)(?!\p{L}))\p{L})/giu;

/** Letters without their accents; the French word `à` is dropped, or it would read as the letter of CPR Level A. */
export function withoutAccents(text: string): string {
  if (!/[^\p{ASCII}]/u.test(text)) return text.replaceAll('`', "'").replace(BARE_A, ' ');
  return text
    .normalize('NFC')
    .replace(/(?<![\p{L}\p{N}])à(?![\p{L}\p{N}])/giu, ' ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘´`]/g, "'")
    .replaceAll('œ', 'oe')
    .replaceAll('Œ', 'OE')
    .replaceAll('æ', 'ae')
    .replaceAll('Æ', 'AE')
    .replace(BARE_A, ' ');
}

/**
 * The form words are compared in: lower case, without a plural ending, French words in one gender (`monitrice` → `moniteur`,
 * `générale` → `général`).
 */
export function stem(word: string): string {
  const single = withoutPlural(word.toLowerCase());
  for (const [feminine, masculine, shortest] of GENDERS)
    if (single.length >= shortest && single.endsWith(feminine))
      return single.slice(0, -feminine.length) + masculine;
  // `approaches`, `classes`: the plural of what has no `e` of its own.
  return single.length > 4 && /(?:ss|ch|sh)e$/.test(single) ? single.slice(0, -1) : single;
}

const GENDERS = [
  ['trice', 'teur', 8],
  ['euse', 'eur', 8],
  ['ienne', 'ien', 8],
  ['elle', 'el', 8],
  ['iere', 'ier', 7],
  ['ale', 'al', 7],
] as const;

function withoutPlural(lower: string): string {
  // `incendie`, `incendies`: one form, whichever language made the plural.
  if (lower.length > 5 && lower.endsWith('ies')) return `${lower.slice(0, -3)}y`;
  if (lower.length > 4 && lower.endsWith('ie')) return `${lower.slice(0, -2)}y`;
  if (lower.endsWith('eaux')) return lower.slice(0, -1);
  // `lieux` → `lieu`; `dangereux` → `dangereur`, as `dangereuse`.
  if (lower.length > 3 && lower.endsWith('eux'))
    return lower.length > 7 ? `${lower.slice(0, -1)}r` : lower.slice(0, -1);
  if (lower.length > 5 && lower.endsWith('aux')) return `${lower.slice(0, -3)}al`;
  if (lower.length > 3 && lower.endsWith('s') && !/(?:ss|[^e]us|is)$/.test(lower)) return lower.slice(0, -1);
  return lower;
}

/** `WHMIS2015` → `WHMIS`, `2015`. */
export function splitLettersAndDigits(word: string): readonly string[] {
  return word.match(/\p{L}+|\p{N}+|_/gu) ?? [];
}

/** `StandardFirstAid` → `Standard`, `First`, `Aid`. */
export function splitCamelCase(word: string): readonly string[] {
  return word.split(/(?<=\p{Ll})(?=\p{Lu})/u);
}
