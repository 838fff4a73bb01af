import fc from 'fast-check';

/** Texts that tools have stumbled over, and any other. */
export const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a b',
    '\u0000',
    '%00',
    '$ne',
    '__proto__',
    '../..',
    '\ud800',
    '🦉',
    "' OR 1=1--",
    '{{x}}',
    'null',
    '[]',
    'javascript:alert(1)',
    '\r\nSet-Cookie: a=b',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ minLength: 200, maxLength: 400 }),
);

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(-1, 1e308, 2 ** 53, true, [[]]),
);

/** Where to change a value, and into what; `undefined` takes the place away. */
export type Change = { readonly path: readonly number[]; readonly into: unknown };

export const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }),
  into: fc.option(oddValue, { nil: undefined }),
});

/** A copy of a JSON value with one place in it changed: at each step the path picks one of what is there. */
export function changed(value: unknown, { path, into }: Change): unknown {
  const [pick = 0, ...rest] = path;
  if (Array.isArray(value) && value.length > 0) {
    const at = pick % value.length;
    return value.map((item, index) =>
      index !== at ? item : rest.length === 0 ? into : changed(item, { path: rest, into }),
    );
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    const entries = Object.entries(value);
    const at = pick % entries.length;
    return Object.fromEntries(
      entries.map(([name, item], index) =>
        index !== at ? [name, item] : [name, rest.length === 0 ? into : changed(item, { path: rest, into })],
      ),
    );
  }
  return into;
}
