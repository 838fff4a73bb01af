import type { Now } from '../domain/instant.ts';
import { readJson } from './read-json.ts';
import type { CallRequest, ServiceCall } from './service-call.ts';
import { excerptOf, passingProblem, problemOf, type ServiceProblem } from './service-problem.ts';

const MOST_PAGES = 100;

export type PagedList<T> = {
  readonly kind: 'list';
  readonly items: readonly T[];
  /** False when the LMS had more pages than is sane, went in circles or pointed to another origin. */
  readonly isComplete: boolean;
};

/**
 * Reads a list through all its pages (`Link: <…>; rel="next"`, AGS 2.0 §3.2.5 and NRPS 2.0 §2.4.2). The token is only
 * ever sent to the origin of the first page. `read` takes the body of a page, or null when it is not understood; `onPage`
 * hears of each before the next is asked for.
 */
export async function pagedList<T>(
  deps: { readonly call: ServiceCall; readonly now: Now },
  first: Omit<CallRequest, 'method'>,
  read: (body: unknown) => readonly T[] | null,
  onPage: (items: readonly T[]) => Promise<void> = async () => {},
): Promise<PagedList<T> | ServiceProblem> {
  const origin = URL.parse(first.url)?.origin;
  const items: T[] = [];
  const seen = new Set<string>();
  let next: string | null = first.url;
  while (next !== null) {
    if (seen.has(next) || seen.size === MOST_PAGES || URL.parse(next)?.origin !== origin) {
      return { kind: 'list', items, isComplete: false };
    }
    seen.add(next);
    const answer = await deps.call({ ...first, method: 'GET', url: next });
    if (answer.kind === 'problem') return answer;
    if (answer.kind === 'failure' || answer.status < 200 || answer.status > 299) {
      return problemOf(answer, 'service-refused', deps.now());
    }
    const page = read(readJson(answer.body));
    // Most likely a sign-in or maintenance page.
    if (page === null) return passingProblem('service-not-understood', answer.status, excerptOf(answer.body));
    items.push(...page);
    await onPage(page);
    next = nextPage(answer.headers['link'], next);
  }
  return { kind: 'list', items, isComplete: true };
}

/** The `next` of a Link header (RFC 8288), also with the curly quotation marks that Moodle sends. */
export function nextPage(link: string | undefined, base: string): string | null {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=[^;,]*?\bnext\b/i.test(parameters)) return URL.parse(target, base)?.href ?? null;
  }
  return null;
}
