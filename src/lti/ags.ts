import type { Activity } from '../domain/activity.ts';
import type { TokenUse } from './tokens.ts';

/** AGS 2.0 §3.1 and NRPS 2.0 §2.1. */
export const SCOPES = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  result: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const;

/** AGS 2.0 §3.2.3, §3.3.3, §3.4.3. They are compared as they stand by Moodle: no parameters. */
export const MEDIA_TYPES = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
} as const;

/** One scope at a time: some platforms refuse a token request that asks for more than was granted. */
export function tokenUse(of: Pick<Activity, 'platformId' | 'deploymentId'>, scope: string): TokenUse {
  return { platformId: of.platformId, deploymentId: of.deploymentId, scopes: [scope] };
}

/** `/scores` or `/results` of a line item: below its path, its query kept (AGS 2.0 §3.4.1; Moodle has `?type_id=`). */
export function below(lineItemUrl: string, child: 'scores' | 'results'): string {
  const url = URL.parse(lineItemUrl);
  if (url === null) return lineItemUrl;
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${child}`;
  return url.href;
}

/** The address with more in its query; what is there stays. */
export function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = URL.parse(address);
  if (url === null) return address;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Whether a column's address is at an origin that the signed launch named: a token must not follow an address that only an
 * answer gave.
 */
export function isOfLaunch(
  columnUrl: string,
  { lineItemsUrl, lineItemUrl }: Pick<Activity, 'lineItemsUrl' | 'lineItemUrl'>,
): boolean {
  const origin = URL.parse(columnUrl)?.origin;
  return [lineItemsUrl, lineItemUrl].some(
    (address) => address !== null && URL.parse(address)?.origin === origin,
  );
}
