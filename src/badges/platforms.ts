/** A badge platform: whose site it is, and where a share page's badge can be had as data. */
export type Platform = {
  readonly name: string;
  readonly isAt: (host: string) => boolean;
  /** Where the award itself may be had for the address of a page about it, best first; empty when the page is not about one. */
  readonly awardsAt: (page: URL) => readonly string[];
};

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const CREDLY_PAGE = new RegExp(`^(?:/[a-z]{2}(?:-[a-z]{2})?)?/badges/(${UUID})(?:/|$)`, 'i');
const under =
  (...domains: readonly string[]) =>
  (host: string): boolean =>
    domains.some((domain) => host === domain || host.endsWith(`.${domain}`));

const PLATFORMS: readonly Platform[] = [
  {
    name: 'Credly',
    isAt: under('credly.com', 'youracclaim.com'),
    awardsAt: ({ pathname }) => {
      const id = CREDLY_PAGE.exec(pathname)?.[1];
      return id === undefined ? [] : [`https://api.credly.com/v1/obi/v2/badge_assertions/${id}`];
    },
  },
  {
    name: 'Canvas Credentials / Parchment (Badgr)',
    isAt: under('badgr.com', 'badgr.io', 'badges.parchment.com'),
    awardsAt: ({ host, pathname }) => {
      const id = /^\/public\/assertions\/([\w-]{8,})(?:\.json)?(?:\/|$)/.exec(pathname)?.[1];
      if (id === undefined) return [];
      return [...new Set([apiOfBadgr(host), host])].map(
        (home) => `https://${home}/public/assertions/${id}.json?v=2_0`,
      );
    },
  },
  {
    name: 'CanCred / Open Badge Factory',
    isAt: under('cancred.ca', 'openbadgefactory.com', 'openbadgepassport.com'),
    awardsAt: ({ host, pathname }) => {
      const path = /^(\/v\d\/assertion\/[0-9a-f]{20,})(?:\.html|\.json)?$/i.exec(pathname)?.[1];
      return path === undefined ? [] : [`https://${host}${path}`];
    },
  },
  // No public data address of a single credential is documented for these: their pages are read.
  { name: 'Accredible', isAt: under('credential.net', 'accredible.com'), awardsAt: () => [] },
  { name: 'eCampusOntario', isAt: under('ecampusontario.ca'), awardsAt: () => [] },
  { name: 'MyCreds | MesCertif', isAt: under('mycreds.ca', 'mescertif.ca'), awardsAt: () => [] },
];

export function platformOf(address: string): Platform | null {
  if (!URL.canParse(address)) return null;
  const { hostname } = new URL(address);
  return PLATFORMS.find((platform) => platform.isAt(hostname)) ?? null;
}

/** Where the platform keeps the award a share link is about, best first; empty for other pages. */
export function awardAddresses(address: string): readonly string[] {
  const platform = platformOf(address);
  return platform === null ? [] : platform.awardsAt(new URL(address));
}

/** The pages are at `badgr.com` and its regions (`ca.badgr.com`), the awards at `api.badgr.io` and `api.ca.badgr.io`. */
function apiOfBadgr(host: string): string {
  if (host === 'badges.parchment.com') return 'api.badges.parchment.com';
  const region = /^(?:([a-z]{2})\.)?badgr\.com$/.exec(host);
  return region === null ? host : `api.${region[1] === undefined ? '' : `${region[1]}.`}badgr.io`;
}
