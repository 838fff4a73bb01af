import type { Rubric } from '../domain/rubric.ts';
import type { QualityItem, Rules } from '../domain/sector.ts';
import { loadMessages, type Messages } from './load-messages.ts';
import { loadRules } from './load-rules.ts';

export type Catalogue = {
  readonly rules: Rules;
  readonly rubric: Rubric;
  readonly quality: readonly QualityItem[];
  readonly messages: Messages;
};

/** Everything in `config/`, for a start that cannot go on without it: throws one line a mistake. */
export function loadCatalogue(configDir: string): Catalogue {
  const loaded = loadRules(configDir);
  if (!loaded.ok)
    throw new Error(
      loaded.problems.map(({ file, path, problem }) => [file, path, problem].join(': ')).join('\n'),
    );
  const { rules, rubric, quality } = loaded;
  return { rules, rubric, quality, messages: loadMessages(configDir) };
}
