import { loadMessages } from '../catalogue/load-messages.ts';
import { loadRules, type RuleProblem } from '../catalogue/load-rules.ts';
import type { Config } from '../config.ts';
import { LOCALES } from '../domain/local-text.ts';
import type { Answer } from './command.ts';

/** Validates `config/`: every mistake with its file and where in it, texts that one language lacks among them. */
export async function rulesCheck(config: Config): Promise<Answer> {
  const loaded = loadRules(config.configDir);
  const problems = [...(loaded.ok ? [] : loaded.problems), ...missingTexts(config.configDir)];
  if (problems.length > 0 || !loaded.ok)
    return {
      code: 1,
      data: { ok: false, problems },
      text: problems
        .map(({ file, path, problem }) => [file, path, problem].filter(Boolean).join(': '))
        .join('\n'),
    };
  const { sectors, certifications, version } = loaded.rules;
  return {
    code: 0,
    data: {
      ok: true,
      rulesVersion: version,
      sectors: sectors.length,
      certifications: certifications.length,
      problems: [],
    },
    text: `${sectors.length} sectors, ${certifications.length} certifications, version ${version}: no mistakes`,
  };
}

function missingTexts(configDir: string): readonly RuleProblem[] {
  try {
    const { keys } = loadMessages(configDir);
    return LOCALES.flatMap((locale) => {
      const other = locale === 'en' ? 'fr' : 'en';
      return [...keys[other]]
        .filter((key) => !keys[locale].has(key))
        .map((key) => ({
          file: `messages/${locale}/${key.split('.', 1)[0]}.json`,
          path: key.split('.').slice(1).join('.'),
          problem: `is missing; ${other} has it`,
        }));
    });
  } catch (error) {
    return [{ file: 'messages', path: '', problem: error instanceof Error ? error.message : String(error) }];
  }
}
