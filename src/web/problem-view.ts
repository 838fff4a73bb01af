import type { Locale } from '../domain/local-text.ts';
import type { FieldProblem } from '../services/deps.ts';
import type { Pages } from './render.ts';

/** Problems of a form as the summary above it and the words beside each field show them. `target` is the id of the field. */
export function problemView(pages: Pages, locale: Locale, problems: readonly FieldProblem[]) {
  const list = problems.map(({ field, key, params }) => ({
    target: field.replaceAll('.', '-'),
    text: pages.say(locale, key, params),
  }));
  return { list, of: (field: string) => list.find((problem) => problem.target === field)?.text ?? null };
}

export type FieldOptions = {
  readonly type?: 'text' | 'date' | 'url' | 'email';
  readonly inputmode?: 'decimal' | 'url';
  readonly width?: 'short' | 'wide';
  readonly hint?: string;
};

/** What `partials/field.hbs` needs of one input; its id is its name. */
export function fieldView(
  id: string,
  label: string,
  value: string,
  error: string | null,
  options: FieldOptions = {},
) {
  const hint = options.hint ?? null;
  const describedBy = [hint === null ? null : `${id}-hint`, error === null ? null : `${id}-error`]
    .filter((part) => part !== null)
    .join(' ');
  return {
    id,
    label,
    value,
    error,
    hint,
    describedBy,
    type: options.type ?? 'text',
    inputmode: options.inputmode ?? null,
    width: options.width ?? 'wide',
  };
}
