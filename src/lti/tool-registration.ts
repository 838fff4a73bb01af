import { z } from 'zod';
import { SCOPES } from './ags.ts';

const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

const NAME = { en: 'SHSM Badges', fr: 'Badges MHS' } as const;
const DESCRIPTION = {
  en: 'Students hand in SHSM certifications and badges; the teacher’s grade goes to the gradebook.',
  fr: 'Les élèves remettent leurs certifications et badges de la MHS; la note va au carnet de notes.',
} as const;
const MESSAGES = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'] as const;
const CLAIMS = ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'] as const;

/**
 * What the tool asks to be registered as (LTI Dynamic Registration 1.0 §3.5, RFC 7591 §2).
 * @param offered the scopes and the kinds of launch that the platform names; null when it names none
 */
export function toolRegistration(
  publicUrl: string,
  offered: { readonly scopes: readonly string[] | null; readonly messages: readonly string[] | null },
) {
  const launchUrl = `${publicUrl}/lti/launch`;
  const scopes = offeredOf(Object.values(SCOPES), offered.scopes);
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    client_name: NAME.en,
    'client_name#en': NAME.en,
    'client_name#fr': NAME.fr,
    client_uri: publicUrl,
    logo_uri: `${publicUrl}/assets/icon.svg`,
    policy_uri: `${publicUrl}/privacy`,
    redirect_uris: [launchUrl],
    initiate_login_uri: `${publicUrl}/lti/login`,
    jwks_uri: `${publicUrl}/lti/keys`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: scopes.join(' '),
    [TOOL]: {
      domain: new URL(publicUrl).host,
      target_link_uri: launchUrl,
      description: DESCRIPTION.en,
      'description#fr': DESCRIPTION.fr,
      custom_parameters: {},
      claims: CLAIMS,
      messages: offeredOf(MESSAGES, offered.messages).map((type) => ({
        type,
        target_link_uri: launchUrl,
        label: NAME.en,
        'label#fr': NAME.fr,
      })),
    },
  } as const;
}

/** What is asked for, as far as the platform has it: some refuse the whole registration over one thing that they lack. */
function offeredOf(wanted: readonly string[], offered: readonly string[] | null): readonly string[] {
  const both = wanted.filter((one) => offered?.includes(one));
  return both.length > 0 ? both : wanted;
}

const id = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const answer = z.object({
  client_id: id,
  [TOOL]: z
    .object({ deployment_id: id.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** What the platform registered (§3.6); null when it is not understood. */
export function readRegistered(
  body: unknown,
): { readonly clientId: string; readonly deploymentId: string | null } | null {
  const read = answer.safeParse(body);
  if (!read.success) return null;
  return { clientId: read.data.client_id, deploymentId: read.data[TOOL]?.deployment_id ?? null };
}
