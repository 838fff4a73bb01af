import { Router } from 'express';
import { refuse, send } from './line-items.ts';
import { type Lms, platformAddresses } from './lms.ts';
import { page } from './paging.ts';
import { identityClaims, rolesOf } from './people.ts';
import { note } from './service-log.ts';
import { requireScope } from './token.ts';
import { MEDIA, SCOPE } from './vocabulary.ts';

/** Names and Role Provisioning Services 2.0 §2: the class list, in pages. */
export function rosterRoutes(lms: Lms): Router {
  const router = Router();
  router.get(
    `/lti/courses/${lms.course.id}/members`,
    lms.log.record,
    lms.faults.on('roster'),
    requireScope(lms, SCOPE.roster),
    (req, res) => {
      if (!req.accepts(MEDIA.roster)) return refuse(res, 406, `this service answers ${MEDIA.roster}`);
      const { role, rlid } = req.query;
      if (rlid !== undefined && (typeof rlid !== 'string' || lms.course.link(rlid) === undefined)) {
        return refuse(res, 404, 'no such resource link');
      }
      const members = lms.course.people
        .map((person) => ({
          status: 'Active',
          user_id: person.id,
          roles: rolesOf(person),
          ...identityClaims(person, lms.settings.privacy, lms.siteLocale),
        }))
        // §2.4.1: a role may be asked for by its full or by its short name.
        .filter(
          ({ roles }) => role === undefined || roles.some((own) => own === role || own.endsWith(`#${role}`)),
        );
      const shown = page(req, res, lms.url, members, lms.settings.rosterPageSize);
      note(res, `${shown.length} of ${members.length}`);
      send(res, MEDIA.roster, {
        id: platformAddresses(lms).roster,
        context: {
          id: lms.course.id,
          label: lms.course.label,
          title: lms.course.title[lms.siteLocale],
        },
        members: shown,
      });
    },
  );
  return router;
}
