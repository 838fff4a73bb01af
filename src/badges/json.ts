export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

const MAX_CHARACTERS = 1024 * 1024;
const MAX_DEPTH = 64;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((character) =>
  character.charCodeAt(0),
);
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses text that a stranger wrote. Undefined when it is not JSON, is larger than 1 Mi characters, is nested deeper
 * than 64, or carries a key that would reach an object's prototype.
 */
export function parseJson(text: string): Json | undefined {
  if (text.length > MAX_CHARACTERS || isTooDeep(text)) return undefined;
  let value: Json;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  return hasPoison(value) ? undefined : value;
}

/** JSON that `parseJson` refuses for what it could do rather than for being damaged. */
export function isHostileJson(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  if (isTooDeep(text)) return true;
  try {
    return hasPoison(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return false;
  }
}

export function parseJsonObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** Looked at before anything is parsed: a megabyte of brackets takes the parser most of a second. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inText = false;
    } else if (code === QUOTE) inText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}

function hasPoison(root: Json): boolean {
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === null || typeof value !== 'object') continue;
    if (!Array.isArray(value) && Object.keys(value).some((key) => POISON.has(key))) return true;
    for (const child of Object.values(value)) open.push(child as Json);
  }
  return false;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One value or many, the way JSON-LD lets people write it. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Json];
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return listOf(value).filter(isObject);
}

export function firstObject(value: Json | undefined): JsonObject | null {
  return objectsOf(value)[0] ?? null;
}

export function stringOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The id of a thing that is written as its address or as an object with an id. */
export function idOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value;
  const object = firstObject(value);
  return object === null ? stringOf(listOf(value)[0]) : (stringOf(object['id']) ?? stringOf(object['@id']));
}

export function typesOf(value: JsonObject): readonly string[] {
  return listOf(value['type'] ?? value['@type']).filter((type) => typeof type === 'string');
}

const BIDI_AND_CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/**
 * Text to show: a string, a language map or a JSON-LD value. Controls and direction tricks are taken out, length is
 * capped; null when nothing is left.
 */
export function textOf(value: Json | undefined, maxLength = 4000): string | null {
  const found = listOf(value)
    .map((entry) =>
      isObject(entry) ? (entry['@value'] ?? entry['value'] ?? entry['en'] ?? entry['fr']) : entry,
    )
    .find((entry) => typeof entry === 'string' || typeof entry === 'number');
  if (found === undefined) return null;
  const text = String(found).replace(BIDI_AND_CONTROL, '').trim().slice(0, maxLength);
  return text === '' ? null : text;
}
