import { type Request, type Response, Router, urlencoded } from 'express';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { messageClaims } from './id-token.ts';
import { type LaunchTicket, type Lms, toolAddresses } from './lms.ts';
import type { Pages } from './pages.ts';
import { note } from './service-log.ts';

const ID_TOKEN_SECONDS = 30 * 60;

/** The two that decide where an answer may go; without them there is no one to answer. */
const whereTo = z.object({ client_id: z.string(), redirect_uri: z.string() });

/** Security Framework §5.1.1.2. A repeated parameter arrives as a list and is refused. */
const request = z.object({
  scope: z.literal('openid'),
  response_type: z.literal('id_token'),
  response_mode: z.literal('form_post'),
  prompt: z.literal('none'),
  login_hint: z.string().min(1),
  lti_message_hint: z.string().min(1),
  nonce: z.string().min(1).max(512),
  state: z.string().min(1).max(2048),
});

/** The authentication endpoint: checks what the tool asks and posts the launch to it through the browser. */
export function authRoutes(lms: Lms, pages: Pages): Router {
  const router = Router();
  router
    .route('/lti/auth')
    .get(lms.log.record, (req, res) => authenticate(lms, pages, req, res, req.query))
    .post(lms.log.record, urlencoded({ extended: false }), (req, res) =>
      authenticate(lms, pages, req, res, req.body),
    );
  return router;
}

async function authenticate(
  lms: Lms,
  pages: Pages,
  req: Request,
  res: Response,
  input: unknown,
): Promise<void> {
  const { person, locale } = lms.sessions.visitor(req);
  const destination = whereTo.safeParse(input);
  if (
    !destination.success ||
    destination.data.client_id !== lms.clientId ||
    !toolAddresses(lms).redirectUris.includes(destination.data.redirect_uri)
  ) {
    note(res, 'unknown client_id or redirect_uri');
    return pages.refuse(res, locale, 400, 'unknown-tool');
  }
  const answer = (fields: Record<string, string>) =>
    pages.postOn(res, locale, destination.data.redirect_uri, fields);

  const asked = request.safeParse(input);
  if (!asked.success) {
    const wrong = [...new Set(asked.error.issues.map((issue) => issue.path.join('.')))].join(', ');
    note(res, `invalid_request: ${wrong}`);
    const state = z.object({ state: z.string() }).safeParse(input);
    return answer({
      error: 'invalid_request',
      error_description: `missing or wrong: ${wrong}`,
      ...(state.success && { state: state.data.state }),
    });
  }
  const { state, nonce, login_hint, lti_message_hint } = asked.data;
  const ticket = lms.tickets.get(lti_message_hint);
  if (ticket === undefined || ticket.userId !== login_hint) {
    note(res, 'invalid_request: hints');
    return answer({
      error: 'invalid_request',
      error_description: 'hints are not the ones that were sent',
      state,
    });
  }
  if (person?.id !== ticket.userId) {
    note(res, 'login_required');
    return answer({
      error: 'login_required',
      error_description: 'nobody or another person is signed in',
      state,
    });
  }
  note(res, `${ticket.kind} launch of ${ticket.userId}`);
  return answer({ id_token: await signLaunch(lms, ticket, nonce), state });
}

async function signLaunch(lms: Lms, ticket: LaunchTicket, nonce: string): Promise<string> {
  const { kid, privateKey } = lms.keys.current();
  const seconds = Math.floor(lms.now() / 1000);
  return (
    new SignJWT({ ...messageClaims(lms, ticket), nonce })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .setIssuer(lms.url)
      .setAudience(lms.clientId)
      .setIssuedAt(seconds)
      // Brightspace sends `nbf` equal to `iat`.
      .setNotBefore(seconds)
      .setExpirationTime(seconds + ID_TOKEN_SECONDS)
      .sign(privateKey)
  );
}
