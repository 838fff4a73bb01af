const NO_BREAK = '\u00a0';

/**
 * Sets the marks of a French text as Canada does: a space that no line breaks at before a colon and a percent sign, inside
 * guillemets and in times of day, and none before a semicolon, `!` and `?`.
 */
export function frenchMarks(text: string): string {
  return text
    .replace(/ (?=[:»%]|h \d)|(?<=«|\d[ \u00a0]h) /g, NO_BREAK)
    .replace(/[ \u00a0\u202f](?=[;!?])/g, '');
}
