import { fold } from './certificate-dates.ts';
import { type Finding, pass, unknown } from './finding.ts';
import { type IssuerList, issuerOfAddress } from './issuer-list.ts';
import { platformOf } from './platforms.ts';
import type { Verdict } from './verdict.ts';

/**
 * What our issuer list adds to a badge that was found somewhere: the listed organization's own site, or a stranger's site
 * under a listed organization's name. Badge platforms host for others, so their sites prove neither.
 */
export function noteKnownIssuer(verdict: Verdict, issuers: IssuerList): readonly Finding[] {
  const { name, url } = verdict.facts.issuer;
  const address = verdict.identity?.issuerId ?? url ?? '';
  const believed = verdict.outcome === 'verified' || verdict.outcome === 'issuer-unproven';
  if (!believed || platformOf(address) !== null) return [];
  const known = issuerOfAddress(issuers, address);
  if (known !== null && verdict.outcome === 'verified')
    return [pass('issuer.known', { name: known.names[0] ?? known.id })];
  const plain = fold(name ?? '').trim();
  const namesake = issuers.find(
    (issuer) => issuer.hosts.length > 0 && issuer.names.some((own) => fold(own) === plain),
  );
  return namesake === undefined || known === namesake
    ? []
    : [unknown('issuer.same-name', { name: namesake.names[0] ?? namesake.id })];
}
