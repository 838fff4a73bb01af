import { type LaunchTicket, type Lms, platformAddresses, toolAddresses } from './lms.ts';
import { fullName, identityClaims, rolesOf } from './people.ts';
import { CLAIM, GRADE_SCOPES } from './vocabulary.ts';

type Claims = Record<string, unknown>;

/** The message of a launch without its envelope (`iss`, `aud`, `nonce`, times): LTI Core §5.3, DL 2.0 §4.4, SR 1.0 §4. */
export function messageClaims(lms: Lms, ticket: LaunchTicket): Claims {
  const person = lms.course.person(ticket.userId);
  if (person === undefined) throw new Error(`nobody is called ${ticket.userId}`);
  const { locale } = ticket;
  const addresses = platformAddresses(lms);
  return {
    sub: person.id,
    locale: `${locale}-CA`,
    ...identityClaims(person, lms.settings.privacy, locale),
    [CLAIM.version]: '1.3.0',
    [CLAIM.deploymentId]: lms.deploymentId,
    [CLAIM.roles]: rolesOf(person),
    [CLAIM.toolPlatform]: {
      guid: 'demo-lms',
      name: 'Demo LMS',
      product_family_code: 'demo-lms',
      version: '1.0',
    },
    [CLAIM.launchPresentation]: {
      document_target: 'iframe',
      locale: `${locale}-CA`,
      return_url: addresses.returnTo,
    },
    ...(lms.settings.sendContext && {
      [CLAIM.context]: {
        id: lms.course.id,
        label: lms.course.label,
        title: lms.course.title[locale],
        type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
      },
      [CLAIM.roster]: { context_memberships_url: addresses.roster, service_versions: ['2.0'] },
    }),
    ...(ticket.kind === 'deep-linking' ? pickerClaims(lms, ticket) : linkClaims(lms, ticket)),
  };
}

function linkClaims(lms: Lms, ticket: Exclude<LaunchTicket, { kind: 'deep-linking' }>): Claims {
  const link = lms.course.link(ticket.linkId);
  if (link === undefined) throw new Error(`no link is called ${ticket.linkId}`);
  const { locale } = ticket;
  const addresses = platformAddresses(lms);
  // `lineitem` only where exactly one column belongs to the link (AGS 2.0 §3.1.2).
  const bound = lms.gradebook.lineItems().filter((item) => item.resourceLinkId === link.id);
  const [only] = bound;
  return {
    [CLAIM.targetLinkUri]: link.url,
    [CLAIM.resourceLink]: {
      id: link.id,
      title: link.title[locale],
      ...(link.description !== null && { description: link.description[locale] }),
    },
    [CLAIM.custom]: link.custom,
    [CLAIM.grades]: {
      scope: GRADE_SCOPES,
      lineitems: addresses.lineItems,
      ...(only !== undefined && bound.length === 1 && { lineitem: addresses.lineItem(only.id) }),
    },
    ...(ticket.kind === 'submission-review'
      ? {
          [CLAIM.messageType]: 'LtiSubmissionReviewRequest',
          [CLAIM.forUser]: forUser(lms, ticket.forUserId, ticket),
        }
      : { [CLAIM.messageType]: 'LtiResourceLinkRequest' }),
  };
}

function forUser(lms: Lms, userId: string, { locale }: LaunchTicket): Claims {
  const person = lms.course.person(userId);
  if (person === undefined) throw new Error(`nobody is called ${userId}`);
  return {
    user_id: person.id,
    ...(lms.settings.privacy === 'everything' && { name: fullName(person, locale) }),
    roles: rolesOf(person),
  };
}

function pickerClaims(lms: Lms, { locale }: LaunchTicket): Claims {
  const addresses = platformAddresses(lms);
  return {
    [CLAIM.messageType]: 'LtiDeepLinkingRequest',
    [CLAIM.targetLinkUri]: toolAddresses(lms).targetLinkUri,
    [CLAIM.grades]: { scope: GRADE_SCOPES, lineitems: addresses.lineItems },
    [CLAIM.deepLinkingSettings]: {
      deep_link_return_url: addresses.deepLinks,
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['iframe'],
      accept_multiple: false,
      accept_lineitem: true,
      auto_create: true,
      data: lms.pickers.keep({ locale }),
    },
  };
}
