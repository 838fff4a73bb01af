import type { DeepLinkingSettings } from '../domain/deep-linking.ts';
import type { Launch } from '../domain/launch.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Platform } from '../domain/platform.ts';
import { contextRole } from './context-role.ts';
import { isPlatformEndpoint } from './endpoint.ts';
import { CLAIM, type LaunchClaims } from './launch-claims.ts';
import { refusal } from './refusal.ts';

const MESSAGE_TYPES = {
  LtiResourceLinkRequest: 'resource-link',
  LtiDeepLinkingRequest: 'deep-linking',
  LtiSubmissionReviewRequest: 'submission-review',
} as const;

/**
 * Verified claims as the domain's `Launch`. Addresses that the tool may not call (no https) are left out, as if the
 * service had not been offered.
 * @param fallbackTarget where a deep-linking request without `target_link_uri` leads (DL 2.0 does not require the claim)
 */
export function launchOf(
  claims: LaunchClaims,
  platform: Platform,
  options: { readonly production: boolean; readonly fallbackTarget: string },
): Launch {
  const usable = (address: string | null | undefined) =>
    typeof address === 'string' && isPlatformEndpoint(address, options.production) ? address : null;
  const context = claims[CLAIM.context];
  const link = claims[CLAIM.resourceLink];
  const grades = claims[CLAIM.grades];
  const presentation = claims[CLAIM.presentation];

  return {
    messageType: MESSAGE_TYPES[claims[CLAIM.messageType]],
    platform,
    deploymentId: claims[CLAIM.deploymentId],
    userId: claims.sub,
    role: contextRole(claims[CLAIM.roles]),
    name: claims.name ?? fullName(claims.given_name, claims.family_name),
    email: claims.email,
    studentNumber: studentNumberOf(claims),
    locale: localeOf(claims.locale) ?? localeOf(presentation?.locale ?? null),
    context: context === undefined ? null : context,
    resourceLink: link === undefined ? null : link,
    custom: textsOf(claims[CLAIM.custom]),
    grades:
      grades === null
        ? null
        : {
            lineItemsUrl: usable(grades.lineitems),
            lineItemUrl: usable(grades.lineitem),
            scopes: grades.scope,
          },
    membershipsUrl: usable(claims[CLAIM.memberships]?.context_memberships_url),
    returnUrl: usable(presentation?.return_url),
    deepLinking: deepLinkingOf(claims, options.production),
    forUserId: claims[CLAIM.forUser]?.user_id ?? null,
    targetLinkUri: claims[CLAIM.targetLinkUri] ?? options.fallbackTarget,
  };
}

/** Throws `return-elsewhere` where the answer could not go back safely: the browser takes it there. */
function deepLinkingOf(claims: LaunchClaims, production: boolean): DeepLinkingSettings | null {
  const asked = claims[CLAIM.deepLinking];
  if (claims[CLAIM.messageType] !== 'LtiDeepLinkingRequest' || asked === undefined) return null;
  if (!isPlatformEndpoint(asked.deep_link_return_url, production)) throw refusal('return-elsewhere');
  return {
    returnUrl: asked.deep_link_return_url,
    acceptTypes: asked.accept_types,
    documentTargets: asked.accept_presentation_document_targets,
    acceptLineItem: asked.accept_lineitem !== false,
    title: asked.title,
    text: asked.text,
    data: asked.data ?? null,
  };
}

function fullName(given: string | null, family: string | null): string | null {
  return [given, family].filter((part) => part !== null).join(' ') || null;
}

/**
 * The number by which the school knows the person: what the board put into `custom.student_number`, Brightspace's own
 * claim, or the registry's id (LTI Core §5.4.5). A substitution that the platform did not make stays as its `$Variable`.
 */
function studentNumberOf(claims: LaunchClaims): string | null {
  const named = textsOf(claims[CLAIM.custom])['student_number']?.trim() ?? '';
  if (named !== '' && !named.startsWith('$')) return named.slice(0, 255);
  return claims[CLAIM.brightspace]?.org_defined_id ?? claims[CLAIM.lis]?.person_sourcedid ?? null;
}

/** The two languages of the province, from a BCP 47 tag such as `fr-CA`; null for any other. */
function localeOf(tag: string | null): Locale | null {
  const language = tag?.split(/[-_]/)[0]?.toLowerCase();
  return language === 'fr' || language === 'en' ? language : null;
}

/** Custom values are texts (LTI Core §5.4.6); numbers and switches that a platform sends are taken as texts. */
function textsOf(custom: Readonly<Record<string, unknown>> | null): Record<string, string> {
  const texts = Object.entries(custom ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)] as const]
      : [],
  );
  return Object.fromEntries(texts);
}
