import { SaxesParser } from 'saxes';
import type { Baked, Note } from './baked-png.ts';

const MAX_DEPTH = 100;
const MAX_CHARACTERS = 5 * 1024 * 1024;
const MAX_TEXT = 1024 * 1024;
const SVG = 'http://www.w3.org/2000/svg';
/** Namespace → the element that holds the badge (Open Badges 2.0 baking; 3.0 §5.3.2). */
const BAKED_ELEMENT: Readonly<Record<string, string>> = {
  'http://openbadges.org': 'assertion',
  'https://openbadges.org': 'assertion',
  'https://purl.imsglobal.org/ob/v3p0': 'credential',
};

/** `hostile` is an SVG that declares entities or nests without end; `broken` is not an SVG. */
export type BakedSvg = Baked | { readonly refused: 'hostile' | 'broken' };

/**
 * The badge baked into an SVG: text of the element, or its `verify` attribute when the element is empty. A DOCTYPE is
 * tolerated (the standard's own examples have one) and never fetched. Never throws.
 */
export function readBakedSvg(source: string): BakedSvg {
  if (source.length > MAX_CHARACTERS || /<!ENTITY/i.test(source)) return { refused: 'hostile' };
  const parser = new SaxesParser({ xmlns: true });
  const notes = new Set<Note>();
  let text: string | null = null;
  let open: { verify: string; text: string; depth: number } | null = null;
  let depth = 0;
  let root: boolean | null = null;
  let refused: 'hostile' | 'broken' | null = null;

  parser.on('error', (error) => {
    refused ??= 'broken';
    throw error;
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) {
      refused = 'hostile';
      throw new Error('nested too deep');
    }
    root ??= tag.uri === SVG && tag.local === 'svg';
    if (BAKED_ELEMENT[tag.uri] !== tag.local || open !== null) return;
    const verify = Object.values(tag.attributes).find((attribute) => attribute.local === 'verify');
    open = { verify: verify?.value ?? '', text: '', depth };
  });
  const take = (part: string): void => {
    if (open !== null && open.text.length < MAX_TEXT) open.text += part;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    if (open !== null && open.depth === depth) {
      const found = open.text.trim() || open.verify.trim();
      open = null;
      if (found !== '' && text !== null) notes.add('several');
      if (found !== '' && text === null) text = found;
    }
    depth -= 1;
  });
  try {
    parser.write(source).close();
  } catch {
    return { refused: refused ?? 'broken' };
  }
  return root === true ? { text, notes: [...notes] } : { refused: 'broken' };
}
