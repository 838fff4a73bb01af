import type { Locale } from '../domain/local-text.ts';
import type { ProbeStep } from '../domain/service-probe.ts';
import type { Pages } from './render.ts';

/** Each step in plain words; a failure says what it means and which switch of the LMS to look at. */
export function probeView(pages: Pages, locale: Locale, steps: readonly ProbeStep[]) {
  const say = (key: string, params = {}) => pages.say(locale, `admin.services.${key}`, params);
  return steps.map((step) => {
    const problem = step.problem === null ? null : wordsOf(step.problem);
    return {
      result: step.result === 'skipped' ? 'unknown' : step.result,
      outcome: say(`result.${step.result}`),
      text: say(`step.${step.id}`),
      count: step.count === null ? null : say('count', { count: step.count }),
      status: step.status === null ? null : say('status', { status: String(step.status) }),
      why: problem === null ? null : say(`problem.${problem}.text`),
      fix: problem === null ? null : say(`problem.${problem}.fix`),
    };
  });

  function wordsOf(key: string): string {
    return pages.has(`admin.services.problem.${key}.text`) ? key : 'unknown';
  }
}
