import type { CredentialFacts } from '../domain/credential.ts';
import type { Certification, KnownIssuer, Rules } from '../domain/sector.ts';
import type { CheckAnswer } from './placement-checks.ts';
import { cutWords, stem } from './title-words.ts';
import { visibleText } from './visible-text.ts';

type Listed = { readonly known: KnownIssuer; readonly names: readonly string[] };
const listed = new WeakMap<Rules, readonly Listed[]>();

/** The known organization that a badge names, by the host of its address or by its name. A name proves nothing. */
export function knownIssuer(rules: Rules, issuer: CredentialFacts['issuer']): KnownIssuer | null {
  const host = hostOf(issuer.url);
  const ofHost = rules.issuers.find(({ hosts }) =>
    hosts.some((own) => host === own || host.endsWith(`.${own}`)),
  );
  if (ofHost !== undefined) return ofHost;
  const name = issuer.name === null ? '' : folded(issuer.name);
  if (name === '') return null;
  const all = namesOf(rules);
  const found =
    all.find(({ names }) => names.includes(name)) ??
    all.find(({ names }) => names.some((own) => own.includes(' ') && ` ${name} `.includes(` ${own} `)));
  return found?.known ?? null;
}

function namesOf(rules: Rules): readonly Listed[] {
  const before = listed.get(rules);
  if (before !== undefined) return before;
  const all = rules.issuers.map((known) => ({ known, names: known.names.map(folded) }));
  listed.set(rules, all);
  return all;
}

/** The lists of issuers are open, so a name that is not on one is `unknown`, never `fail`. */
export function issuerCheck(
  rules: Rules,
  issuer: CredentialFacts['issuer'],
  certification: Certification | null,
): CheckAnswer {
  if (issuer.name === null && issuer.url === null) return { result: 'unknown', key: 'missing' };
  const known = knownIssuer(rules, issuer);
  const params = {
    issuer:
      known?.names[0] ??
      visibleText(issuer.name ?? '')
        .text.trim()
        .slice(0, 80),
  };
  if (known === null) return { result: 'unknown', key: 'unknown', params };
  if (certification === null) return { result: 'pass', key: 'known', params };
  return known.certificationIds.includes(certification.id)
    ? { result: 'pass', key: 'pass', params }
    : { result: 'unknown', key: 'other-courses', params };
}

/** Whether two names are the same organization's, but for case, accents and small words. */
export function sameOrganization(a: string, b: string | null): boolean {
  return b !== null && folded(a) === folded(b);
}

function hostOf(url: string | null): string {
  if (url === null || !URL.canParse(url)) return '';
  return new URL(url).hostname.replace(/^www\./, '');
}

function folded(name: string): string {
  return cutWords(visibleText(name).text, null)
    .map((word) => stem(word.text))
    .filter((word) => !/^(?:and|et|the|of|de|la|le|inc|ltd|du|des)$/.test(word))
    .join(' ');
}
