/** The names that LTI Advantage gives to claims, scopes, media types and roles. */

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const LTI_DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';

export const CLAIM = {
  messageType: `${LTI}/message_type`,
  version: `${LTI}/version`,
  deploymentId: `${LTI}/deployment_id`,
  targetLinkUri: `${LTI}/target_link_uri`,
  resourceLink: `${LTI}/resource_link`,
  context: `${LTI}/context`,
  roles: `${LTI}/roles`,
  custom: `${LTI}/custom`,
  toolPlatform: `${LTI}/tool_platform`,
  launchPresentation: `${LTI}/launch_presentation`,
  forUser: `${LTI}/for_user`,
  grades: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  deepLinkingSettings: `${LTI_DL}/deep_linking_settings`,
  deepLinkingItems: `${LTI_DL}/content_items`,
  deepLinkingData: `${LTI_DL}/data`,
  deepLinkingMessage: `${LTI_DL}/msg`,
  deepLinkingError: `${LTI_DL}/errormsg`,
} as const;

export const SCOPE = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemRead: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  resultRead: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const;

export const GRADE_SCOPES: readonly string[] = [
  SCOPE.lineItem,
  SCOPE.lineItemRead,
  SCOPE.resultRead,
  SCOPE.score,
];

export const MEDIA = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  roster: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
} as const;

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';

/** Roles in the course (LTI Core §A.2.2) first, then in the institution (§A.2.1). */
export const ROLES = {
  student: { inCourse: `${MEMBERSHIP}Learner`, inSchool: `${INSTITUTION}Student` },
  teacher: { inCourse: `${MEMBERSHIP}Instructor`, inSchool: `${INSTITUTION}Faculty` },
  administrator: { inCourse: `${MEMBERSHIP}Administrator`, inSchool: `${INSTITUTION}Administrator` },
} as const;
