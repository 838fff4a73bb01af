import { type Response, Router } from 'express';
import { type LaunchTicket, type Lms, toolAddresses } from './lms.ts';
import type { Pages } from './pages.ts';

/**
 * Addresses that a frame of the course opens. Each starts the tool's login (third-party initiated login, Security
 * Framework §5.1.1.1) with the deployment, as Brightspace does.
 */
export function loginRoutes(lms: Lms, pages: Pages): Router {
  const router = Router();
  router.use('/launch', lms.log.record);

  const start = (res: Response, ticket: LaunchTicket, targetLinkUri: string): void => {
    const url = new URL(toolAddresses(lms).login);
    url.search = new URLSearchParams({
      iss: lms.url,
      login_hint: ticket.userId,
      target_link_uri: targetLinkUri,
      lti_message_hint: lms.tickets.keep(ticket),
      client_id: lms.clientId,
      lti_deployment_id: lms.deploymentId,
      ...(lms.settings.platformStorage && { lti_storage_target: '_parent' }),
    }).toString();
    res.redirect(302, url.href);
  };

  router.get('/launch/link/:linkId', (req, res) => {
    const { person, locale } = lms.sessions.visitor(req);
    const link = lms.course.link(req.params.linkId);
    if (person === null) return pages.refuse(res, locale, 401, 'signed-out');
    if (link === undefined) return pages.refuse(res, locale, 404, 'not-found');
    start(res, { kind: 'resource-link', userId: person.id, locale, linkId: link.id }, link.url);
  });

  router.get('/launch/review/:linkId/:userId', (req, res) => {
    const { person, locale } = lms.sessions.visitor(req);
    const link = lms.course.link(req.params.linkId);
    const student = lms.course.person(req.params.userId);
    if (person === null) return pages.refuse(res, locale, 401, 'signed-out');
    if (person.kind !== 'teacher') return pages.refuse(res, locale, 403, 'teachers-only');
    if (link === undefined || student === undefined) return pages.refuse(res, locale, 404, 'not-found');
    start(
      res,
      { kind: 'submission-review', userId: person.id, locale, linkId: link.id, forUserId: student.id },
      link.url,
    );
  });

  router.get('/launch/picker', (req, res) => {
    const { person, locale } = lms.sessions.visitor(req);
    if (person === null) return pages.refuse(res, locale, 401, 'signed-out');
    if (person.kind !== 'teacher') return pages.refuse(res, locale, 403, 'teachers-only');
    start(res, { kind: 'deep-linking', userId: person.id, locale }, toolAddresses(lms).targetLinkUri);
  });
  return router;
}
