import { json, Router } from 'express';
import { z } from 'zod';
import { type Lms, platformAddresses, toolAddresses } from './lms.ts';
import { note } from './service-log.ts';
import { GRADE_SCOPES, SCOPE } from './vocabulary.ts';

const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const MESSAGES = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'];

/** LTI Dynamic Registration 1.0 §3.5. */
const registration = z.looseObject({
  application_type: z.literal('web'),
  response_types: z.tuple([z.literal('id_token')]),
  grant_types: z.array(z.string()).refine((types) => types.includes('client_credentials')),
  client_name: z.string().min(1),
  redirect_uris: z.array(z.url()).min(1),
  initiate_login_uri: z.url(),
  jwks_uri: z.url(),
  logo_uri: z.url().optional(),
  token_endpoint_auth_method: z.literal('private_key_jwt'),
  scope: z.string(),
  [TOOL]: z.looseObject({
    domain: z.string().min(1),
    target_link_uri: z.url(),
    claims: z.array(z.string()),
    messages: z.array(z.looseObject({ type: z.string(), target_link_uri: z.url().optional() })).min(1),
  }),
});

/** Lets one tool register itself: the one this LMS was started for. Like Brightspace it reads the tool's keys at once. */
export function registrationRoutes(lms: Lms): Router {
  const router = Router();
  const { auth, token, keySet } = platformAddresses(lms);

  router.get('/lti/openid-configuration', lms.log.record, (_req, res) => {
    res.json({
      issuer: lms.url,
      authorization_endpoint: auth,
      token_endpoint: token,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
      jwks_uri: keySet,
      registration_endpoint: `${lms.url}/lti/registrations`,
      scopes_supported: ['openid', ...GRADE_SCOPES, SCOPE.roster],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
      [PLATFORM]: {
        product_family_code: 'demo-lms',
        version: '1.0',
        messages_supported: MESSAGES.map((type) => ({ type })),
        variables: [],
      },
    });
  });

  router.post('/lti/registrations', lms.log.record, json({ limit: '256kb' }), async (req, res) => {
    const refuse = (why: string) => {
      note(res, why);
      res.status(400).json({ error: 'invalid_client_metadata', error_description: why });
    };
    if (lms.settings.registrationToken !== null) {
      if (req.headers.authorization !== `Bearer ${lms.settings.registrationToken}`) {
        note(res, 'wrong registration token');
        res.status(401).json({ error: 'invalid_token' });
        return;
      }
    }
    const asked = registration.safeParse(req.body);
    if (!asked.success)
      return refuse(
        `missing or wrong: ${asked.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
      );
    const { login, redirectUris, keySet: toolKeySet } = toolAddresses(lms);
    const isOurTool =
      asked.data.initiate_login_uri === login &&
      asked.data.jwks_uri === toolKeySet &&
      redirectUris.every((uri) => asked.data.redirect_uris.includes(uri));
    if (!isOurTool) return refuse('this LMS was started for another tool');
    const keys = await fetch(toolKeySet).then(
      (answer) => answer.ok,
      () => false,
    );
    if (!keys) return refuse('the key set of the tool cannot be read');
    note(res, `registered ${asked.data.client_name}`);
    res.status(201).json({
      ...asked.data,
      client_id: lms.clientId,
      [TOOL]: {
        ...asked.data[TOOL],
        ...(lms.settings.deployOnRegistration && { deployment_id: lms.deploymentId }),
      },
    });
  });
  return router;
}
