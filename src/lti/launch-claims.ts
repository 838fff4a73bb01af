import { z } from 'zod';
import type { RefusalKey } from './refusal.ts';
import { refusal } from './refusal.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';

/** Claim names (LTI Core §5.3 and §5.4, AGS 2.0 §3.1, NRPS 2.0 §3.6.1, DL 2.0 §4.4, Submission Review 1.0 §2.2). */
export const CLAIM = {
  messageType: `${LTI}/message_type`,
  version: `${LTI}/version`,
  deploymentId: `${LTI}/deployment_id`,
  targetLinkUri: `${LTI}/target_link_uri`,
  resourceLink: `${LTI}/resource_link`,
  roles: `${LTI}/roles`,
  context: `${LTI}/context`,
  custom: `${LTI}/custom`,
  presentation: `${LTI}/launch_presentation`,
  forUser: `${LTI}/for_user`,
  lis: `${LTI}/lis`,
  grades: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  memberships: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  brightspace: 'http://www.brightspace.com',
  deepLinking: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
} as const;

/** Ids are 1 to 255 characters (LTI Core §5.3.3, §5.3.5, §5.3.6, §5.4.1). */
const id = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => text.isWellFormed());
const address = z.string().min(1).max(4096);
/** What is only shown, or only helps: a wrong type there is as good as nothing. */
const shown = z
  .string()
  .transform((text) => text.toWellFormed().trim().slice(0, 1000) || null)
  .nullable()
  .catch(null);
const shownNumber = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.toWellFormed().trim().slice(0, 255) || null)
  .nullable()
  .catch(null);
const helpful = <T extends z.ZodType>(type: T) => type.nullable().catch(null);

/** A flag that some platforms send as a text. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/**
 * DL 2.0 §4.4.1. Not read: `accept_multiple` and `auto_create`, because one link is handed back in any case, and
 * `accept_media_types`, which is about files.
 */
const deepLinking = z.object({
  deep_link_return_url: address,
  accept_types: z.array(z.string()).max(100),
  accept_presentation_document_targets: z.array(z.string()).max(100).catch([]),
  accept_lineitem: helpful(flag),
  title: shown,
  text: shown,
  data: z
    .string()
    .max(64 * 1024)
    .optional(),
});

const shape = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
  nonce: z.string().min(1).max(512),
  [CLAIM.messageType]: z.enum([
    'LtiResourceLinkRequest',
    'LtiDeepLinkingRequest',
    'LtiSubmissionReviewRequest',
  ]),
  [CLAIM.version]: z.literal('1.3.0'),
  [CLAIM.deploymentId]: id,
  sub: id,
  [CLAIM.roles]: z.array(z.string()).max(500),
  [CLAIM.targetLinkUri]: address.optional(),
  [CLAIM.resourceLink]: z.object({ id, title: shown }).optional(),
  [CLAIM.context]: z.object({ id, title: shown, label: shown }).optional(),
  [CLAIM.forUser]: z.object({ user_id: id }).optional(),
  [CLAIM.deepLinking]: deepLinking.optional().catch(undefined),
  [CLAIM.custom]: helpful(z.record(z.string(), z.unknown())),
  [CLAIM.presentation]: helpful(z.object({ locale: shown, return_url: helpful(address) })),
  [CLAIM.grades]: helpful(
    z.object({
      scope: z.array(z.string()).catch([]),
      lineitems: helpful(address),
      lineitem: helpful(address),
    }),
  ),
  [CLAIM.memberships]: helpful(z.object({ context_memberships_url: helpful(address) })),
  [CLAIM.lis]: helpful(z.object({ person_sourcedid: shownNumber })),
  [CLAIM.brightspace]: helpful(z.object({ org_defined_id: shownNumber })),
  name: shown,
  given_name: shown,
  family_name: shown,
  email: shown,
  locale: shown,
});

export type LaunchClaims = z.infer<typeof shape>;

/** The refusal of a claim that is missing or malformed; `claims` for the others. */
const REFUSAL_OF: Readonly<Record<string, RefusalKey>> = {
  iss: 'issuer',
  aud: 'audience',
  azp: 'audience',
  exp: 'token-times',
  iat: 'token-times',
  nbf: 'token-times',
  nonce: 'nonce',
  sub: 'user-missing',
  [CLAIM.messageType]: 'message-type',
  [CLAIM.version]: 'version',
  [CLAIM.deploymentId]: 'deployment-missing',
  [CLAIM.roles]: 'roles-missing',
  [CLAIM.targetLinkUri]: 'target-elsewhere',
  [CLAIM.resourceLink]: 'link-missing',
};

/**
 * The claims of an id token whose signature was verified. What the tool does not know is ignored (LTI Core §4). Throws the
 * refusal of the first claim that is missing, of a wrong type or too long.
 * `onWrong` hears the claim's name.
 */
export function readClaims(payload: unknown, onWrong: (claim: string) => void = () => {}): LaunchClaims {
  const parsed = shape.safeParse(payload);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? [];
    onWrong(path.join('.'));
    throw refusal(REFUSAL_OF[String(path[0])] ?? 'claims');
  }
  const claims = parsed.data;
  const type = claims[CLAIM.messageType];
  if (type === 'LtiResourceLinkRequest' && claims[CLAIM.resourceLink] === undefined)
    throw refusal('link-missing');
  if (type !== 'LtiDeepLinkingRequest' && claims[CLAIM.targetLinkUri] === undefined)
    throw refusal('target-elsewhere');
  if (type === 'LtiDeepLinkingRequest' && claims[CLAIM.deepLinking] === undefined)
    throw refusal('deep-linking');
  if (type === 'LtiSubmissionReviewRequest' && claims[CLAIM.forUser] === undefined) throw refusal('claims');
  return claims;
}
