import { z } from 'zod';
import type { Locale } from '../domain/local-text.ts';
import type { Rules } from '../domain/sector.ts';
import { KINDS, SCORINGS, type SettingsForm } from '../services/activity-settings.ts';
import { textField } from './form-body.ts';
import { fieldView, type problemView } from './problem-view.ts';
import type { Pages } from './render.ts';
import { certificationName, type Reader } from './submission-view.ts';

/** The fields of `partials/settings.hbs` as they are posted. */
export const settingsBody = z.object({
  sector: textField,
  kind: textField,
  certification: textField,
  points: textField,
  scoring: textField,
  prompt: textField,
  due: textField,
});

/** What `partials/settings.hbs` shows: what an activity is for and how it is marked. */
export function settingsFields(
  deps: { readonly pages: Pages; readonly rules: Rules; readonly locale: Locale },
  form: SettingsForm,
  found: ReturnType<typeof problemView>,
) {
  const { pages, rules, locale } = deps;
  const say = (key: string) => pages.say(locale, `teacher.set-up.${key}`);
  return {
    sector: { error: found.of('sector') },
    sectors: sectorOptions({ say: pages.say, locale, rules }, form),
    kinds: KINDS.map((id) => ({ id, checked: form.kind === id })),
    certification: { error: found.of('certification') },
    scoring: { error: found.of('scoring') },
    scorings: SCORINGS.map((id) => ({ id, checked: form.scoring === id })),
    points: fieldView('points', say('points'), form.points, found.of('points'), {
      inputmode: 'decimal',
      width: 'short',
      hint: say('points-hint'),
    }),
    due: fieldView('due', say('due'), form.due, found.of('due'), {
      type: 'date',
      width: 'short',
      hint: say('due-hint'),
    }),
    prompt: form.prompt,
  };
}

function sectorOptions(reader: Reader, form: SettingsForm) {
  const { locale, rules, say } = reader;
  return rules.sectors
    .map((sector) => ({
      id: sector.id,
      name:
        sector.status === 'sourced'
          ? sector.name[locale]
          : say(locale, 'teacher.set-up.unsure', { name: sector.name[locale] }),
      selected: sector.id === form.sector,
      lines: sector.lines.map((line) => ({
        id: line.certificationId,
        name: certificationName(reader, line.certificationId),
        selected: sector.id === form.sector && line.certificationId === form.certification,
      })),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name, locale));
}
