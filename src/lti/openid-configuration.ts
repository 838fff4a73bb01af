import { z } from 'zod';
import { isPlatformEndpoint } from './endpoint.ts';
import { readJson } from './read-json.ts';
import { refusal } from './refusal.ts';

const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

/** Vendors whose platforms get their tokens from one server for all (facts that every set-up page of theirs shows). */
const SHARED_TOKEN_SERVERS: Readonly<Record<string, { readonly audience: string }>> = {
  'https://auth.brightspace.com': { audience: 'https://api.brightspace.com/auth/token' },
};

const shape = z.object({
  issuer: z.string().max(1024),
  authorization_endpoint: z.string().max(2048),
  token_endpoint: z.string().max(2048),
  jwks_uri: z.string().max(2048),
  registration_endpoint: z.string().max(2048),
  authorization_server: z.string().max(2048).optional(),
  scopes_supported: z.array(z.string()).optional().catch(undefined),
  [PLATFORM]: z
    .object({
      product_family_code: z.string().optional().catch(undefined),
      messages_supported: z
        .array(z.object({ type: z.string() }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** What a platform says of itself (LTI Dynamic Registration 1.0 §3.4), believed as far as its origin goes. */
export type PlatformConfiguration = {
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly registrationUrl: string;
  /** null: the token address. */
  readonly audience: string | null;
  /** null when the platform does not say. */
  readonly scopes: readonly string[] | null;
  /** Kinds of launch; null when the platform does not say. */
  readonly messages: readonly string[] | null;
  readonly isBrightspace: boolean;
};

/**
 * Reads the answer of the configuration address. Issuer and endpoints must share its origin: otherwise a stranger's page
 * could register with another LMS's name, or have our signed assertions sent where they open that LMS. Throws refusals.
 */
export function readConfiguration(
  body: string,
  configurationUrl: string,
  production: boolean,
): PlatformConfiguration {
  const parsed = shape.safeParse(readJson(body));
  if (!parsed.success) throw refusal('registration-not-understood');
  const said = parsed.data;
  const origin = new URL(configurationUrl).origin;
  if (!isAt(origin, said.issuer, production) || /[?#]/.test(said.issuer))
    throw refusal('registration-issuer');
  const shared = SHARED_TOKEN_SERVERS[URL.parse(said.token_endpoint)?.origin ?? ''];
  const isElsewhere = (address: string) => !isAt(origin, address, production);
  if (
    [said.authorization_endpoint, said.jwks_uri, said.registration_endpoint].some(isElsewhere) ||
    (shared === undefined && isElsewhere(said.token_endpoint))
  )
    throw refusal('registration-endpoints');
  const audience = said.authorization_server ?? shared?.audience ?? null;
  if (audience !== null && audience !== shared?.audience && isElsewhere(audience))
    throw refusal('registration-endpoints');
  const family = said[PLATFORM]?.product_family_code?.toLowerCase() ?? '';
  return {
    issuer: said.issuer,
    authUrl: said.authorization_endpoint,
    tokenUrl: said.token_endpoint,
    jwksUrl: said.jwks_uri,
    registrationUrl: said.registration_endpoint,
    audience,
    scopes: said.scopes_supported ?? null,
    messages: said[PLATFORM]?.messages_supported?.map(({ type }) => type) ?? null,
    isBrightspace: shared !== undefined || /desire2learn|brightspace|^d2l/.test(family),
  };
}

function isAt(origin: string, address: string, production: boolean): boolean {
  return isPlatformEndpoint(address, production) && URL.parse(address)?.origin === origin;
}
