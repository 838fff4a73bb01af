/** What a person sees of a text that strangers wrote, and whether something was taken out that they would not see. */
export type VisibleText = { readonly text: string; readonly hidden: boolean };

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
};
const MAX_LENGTH = 600;
/** Each is cut out with what it holds: comments, code, hidden or styled elements, pictures, fields in braces. */
const UNSEEN: readonly RegExp[] = [
  /<!--[\s\S]*?(?:-->|$)/g,
  /<(script|style|template|noscript|svg|iframe|object|title|head|del|s|strike)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi,
  /<([a-z][\w-]*)\s[^>]*\b(?:style|hidden|aria-hidden|class|color|size)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi,
  /!\[[^\]]*\]\([^)]*\)/g,
  /^\s*\[\/\/\]:.*$/gm,
  /~~[\s\S]*?~~/g,
  /\{[^{}]*(?:\}|$)/g,
];
/** What stands inside an element or a link counts only where nothing stands outside. */
const WRAPPED = /<([a-z][\w-]*)[^>]*>[\s\S]*?(?:<\/\1\s*>|$)|\[[^\]]*\]\([^)]*\)/gi;
const TAG = /<[a-z/!?][^>]*(?:>|$)/gi;
const LINK = /\[([^\]]*)\]\([^)]*\)/g;

/**
 * Full-width letters become plain ones, zero-width and control characters vanish, markup is taken out with everything it
 * hides. Only the first 600 characters are looked at: no title is longer.
 */
export function visibleText(raw: string): VisibleText {
  const folded = plainCharacters(raw.slice(0, MAX_LENGTH * 4)).slice(0, MAX_LENGTH);
  if (!/[<&{!~[]/.test(folded)) return { text: folded, hidden: false };
  let text = folded;
  let hidden = false;
  // Three rounds: markup can be written with entities, even twice.
  for (let round = 0; round < 3; round += 1) {
    const before = text;
    text = decodeEntities(text);
    for (const unseen of UNSEEN) {
      const cut = text.replace(unseen, ' ');
      if (cut !== text) hidden = true;
      text = cut;
    }
    const outside = text.replace(WRAPPED, ' ');
    const inside = text.replace(TAG, ' ').replace(LINK, '$1');
    if (inside !== text) hidden = true;
    text = /\p{L}/u.test(outside.replace(TAG, ' ')) ? outside.replace(TAG, ' ') : inside;
    if (text === before) break;
  }
  return { text: plainCharacters(text), hidden };
}

function plainCharacters(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\n\r\u2028\u2029]+/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cs}]|(?!\n)\p{Cc}/gu, '');
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      ? String.fromCodePoint(code)
      : ' ';
  });
}
