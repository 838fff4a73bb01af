import type { CredentialFacts } from '../domain/credential.ts';
import type { Certification, KnownIssuer, Rules } from '../domain/sector.ts';
import type { CheckAnswer } from './placement-checks.ts';
import { cutWords, stem } from './title-words.ts';
import { visibleText } from './visible-text.ts';

type Listed = {
  readonly byHost: ReadonlyMap<string, KnownIssuer>;
  readonly byName: ReadonlyMap<string, KnownIssuer>;
  /** Names of several words by their first word, to find one inside a longer name. */
  readonly byFirstWord: ReadonlyMap<string, readonly (readonly [name: string, known: KnownIssuer])[]>;
};
const listed = new WeakMap<Rules, Listed>();

/** The known organization that a badge names, by the host of its address or by its name. A name proves nothing. */
export function knownIssuer(rules: Rules, issuer: CredentialFacts['issuer']): KnownIssuer | null {
  const { byHost, byName, byFirstWord } = listedIn(rules);
  for (let host = hostOf(issuer.url); host !== ''; host = parentOf(host)) {
    const known = byHost.get(host);
    if (known !== undefined) return known;
  }
  const name = issuer.name === null ? '' : folded(issuer.name);
  if (name === '') return null;
  const whole = byName.get(name);
  if (whole !== undefined) return whole;
  const inside = name
    .split(' ')
    .flatMap((word) => byFirstWord.get(word) ?? [])
    .find(([own]) => ` ${name} `.includes(` ${own} `));
  return inside?.[1] ?? null;
}

function listedIn(rules: Rules): Listed {
  const before = listed.get(rules);
  if (before !== undefined) return before;
  const byHost = new Map<string, KnownIssuer>();
  const byName = new Map<string, KnownIssuer>();
  const byFirstWord = new Map<string, [string, KnownIssuer][]>();
  for (const known of rules.issuers) {
    for (const host of known.hosts) if (!byHost.has(host)) byHost.set(host, known);
    for (const name of known.names.map(folded)) {
      if (!byName.has(name)) byName.set(name, known);
      const [first = '', ...more] = name.split(' ');
      if (more.length > 0) byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), [name, known]]);
    }
  }
  const index = { byHost, byName, byFirstWord };
  listed.set(rules, index);
  return index;
}

/** `a.b.example` → `b.example`; empty when there is nothing above. */
function parentOf(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '' : host.slice(dot + 1);
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
