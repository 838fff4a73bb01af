import { loadMessages, type Messages } from './catalogue/load-messages.ts';
import { loadRules } from './catalogue/load-rules.ts';
import type { Rubric } from './domain/rubric.ts';
import type { QualityItem, Rules } from './domain/sector.ts';
import { StartProblem } from './start-problem.ts';

/** The board's data, or one line a mistake that keeps the program from starting. */
export function loadCatalogue(configDir: string): {
  readonly rules: Rules;
  readonly rubric: Rubric;
  readonly quality: readonly QualityItem[];
  readonly messages: Messages;
} {
  const loaded = loadRules(configDir);
  if (loaded.ok) return { ...loaded, messages: loadMessages(configDir) };
  const lines = loaded.problems.map(
    ({ file, path, problem }) => `SHSM_CONFIG_DIR: ${file} ${path}: ${problem}`,
  );
  throw new StartProblem(lines.join('\n'));
}
