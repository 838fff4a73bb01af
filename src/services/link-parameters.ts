import type { ActivitySettings } from '../domain/activity.ts';
import { type SettingsForm, settingsForm } from './activity-settings.ts';

/** A text as it stands behind a `$` would be taken for a variable of the platform. */
const VARIABLE = /^\$/;

/**
 * The custom parameters of a link that carries its settings. The two histories are variables that the platform fills in
 * when the course is copied (LTI Core, appendix of substitution variables: comma-separated ids, the latest first).
 */
export function linkParameters(settings: ActivitySettings): Readonly<Record<string, string>> {
  const { prompt, ...form } = settingsForm(settings);
  const filled = Object.entries({ ...form, prompt: VARIABLE.test(prompt) ? ` ${prompt}` : prompt }).filter(
    ([, value]) => value !== '',
  );
  return {
    ...Object.fromEntries(filled),
    context_history: '$Context.id.history',
    link_history: '$ResourceLink.id.history',
  };
}

/** The settings that a link carries; unresolved `$Variables` are as good as absent (LTI Core §5.4.6). */
export function settingsOfLink(custom: Readonly<Record<string, string>>): SettingsForm {
  const value = (name: string, fallback: string) => resolved(custom, name) || fallback;
  return {
    sector: value('sector', ''),
    kind: value('kind', 'record'),
    certification: value('certification', ''),
    points: value('points', '10'),
    scoring: value('scoring', 'rubric'),
    prompt: value('prompt', ''),
    due: value('due', ''),
  };
}

/** Ids of what this course, or this link, was copied from, the latest first; empty where the platform does not say. */
export function historyOfLink(
  custom: Readonly<Record<string, string>>,
  name: 'context_history' | 'link_history',
): readonly string[] {
  return resolved(custom, name)
    .split(',')
    .map((id) => decoded(id.trim()))
    .filter((id) => id !== '')
    .slice(0, 50);
}

function resolved(custom: Readonly<Record<string, string>>, name: string): string {
  const text = custom[name] ?? '';
  return VARIABLE.test(text) ? '' : text;
}

/** The ids of a history are URL-encoded; one that is not well formed stands as it is. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
