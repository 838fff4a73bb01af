const HOURS = /(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)[\s\u00a0-]*(?:hours?|hrs?|heures?|h)(?![\p{L}\d])/giu;

/** The length a text states ("13 hours", "6,5 heures"), in hours. Null when it states none or several. */
export function readHours(...texts: readonly (string | null)[]): number | null {
  const found = new Set(
    texts.flatMap((text) =>
      [...(text ?? '').matchAll(HOURS)].map((match) => Number((match[1] ?? '').replace(',', '.'))),
    ),
  );
  const [only = null] = found;
  return found.size === 1 && only !== null && only > 0 ? only : null;
}
