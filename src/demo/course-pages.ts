import { type Request, type Response, Router, urlencoded } from 'express';
import { type Lms, platformAddresses } from './lms.ts';
import { isLocale } from './locale.ts';
import { say } from './messages.ts';
import type { Pages } from './pages.ts';
import { ADMINISTRATOR, fullName, type Person } from './people.ts';
import type { Visitor } from './sessions.ts';

/** The pages of a modest LMS: who you are, the course, and the frame that an activity opens in. */
export function coursePages(lms: Lms, pages: Pages): Router {
  const router = Router();

  router.get('/', (req, res) => {
    const visitor = lms.sessions.visitor(req);
    pages.showInCourse(req, res, {
      template: 'home',
      at: 'home',
      visitor: { ...visitor, person: null },
      data: {
        people: [...lms.course.people, ADMINISTRATOR]
          .filter((person) => ['student-1', 'student-2', 'teacher-1', ADMINISTRATOR.id].includes(person.id))
          .map((person) => ({
            id: person.id,
            kind: person.kind,
            name: fullName(person, visitor.locale),
            hint: say(visitor.locale, `home.${person.kind}-hint`),
          })),
      },
    });
  });

  router.post('/sign-in', urlencoded({ extended: false }), (req, res) => {
    const { locale } = lms.sessions.visitor(req);
    const person = lms.course.person(String(req.body?.person));
    if (person === undefined) return pages.refuse(res, locale, 400, 'signed-out');
    lms.sessions.chooseLocale(res, locale);
    lms.siteLocale = locale;
    lms.sessions.signIn(res, person);
    res.redirect(303, '/course');
  });

  router.post('/sign-out', (req, res) => {
    lms.sessions.signOut(req, res);
    res.redirect(303, '/');
  });

  router.get('/course', (req, res) => {
    const visitor = signedIn(lms, req, res);
    if (visitor === null) return;
    const { person, locale } = visitor;
    pages.showInCourse(req, res, {
      template: 'course',
      at: 'course',
      visitor,
      data: {
        title: lms.course.title[locale],
        isTeacher: person.kind === 'teacher',
        steps: [1, 2, 3].map((step) => say(locale, `course.${person.kind}-step-${step}`)),
        activities: lms.course.links().map((link) => {
          const column = lms.gradebook.lineItems().find((item) => item.resourceLinkId === link.id);
          return {
            id: link.id,
            title: link.title[locale],
            description: link.description?.[locale] ?? '',
            points:
              column === undefined
                ? say(locale, 'course.ungraded')
                : say(locale, 'course.points', { points: column.scoreMaximum }),
          };
        }),
      },
    });
  });

  router.get('/course/activities/:id', (req, res) => {
    const visitor = signedIn(lms, req, res);
    if (visitor === null) return;
    const link = lms.course.link(req.params.id);
    if (link === undefined) return pages.refuse(res, visitor.locale, 404, 'not-found');
    showFrame(pages, req, res, visitor, link.title[visitor.locale], `/launch/link/${link.id}`);
  });

  router.get('/course/activities/:id/review/:userId', (req, res) => {
    const visitor = signedIn(lms, req, res, 'teacher');
    if (visitor === null) return;
    const link = lms.course.link(req.params.id);
    const student = lms.course.person(req.params.userId);
    if (link === undefined || student === undefined)
      return pages.refuse(res, visitor.locale, 404, 'not-found');
    const title = say(visitor.locale, 'activity.review-title', { name: fullName(student, visitor.locale) });
    showFrame(pages, req, res, visitor, title, `/launch/review/${link.id}/${student.id}`);
  });

  router.get('/course/add', (req, res) => {
    const visitor = signedIn(lms, req, res, 'teacher');
    if (visitor === null) return;
    showFrame(pages, req, res, visitor, say(visitor.locale, 'activity.picker-title'), '/launch/picker');
  });

  // LTI Core §5.4.4: where a tool sends people back, perhaps with a message for them.
  router.get('/course/return', lms.log.record, (req, res) => {
    const { locale } = lms.sessions.visitor(req);
    const message = [req.query['lti_errormsg'], req.query['lti_msg']].find(
      (text) => typeof text === 'string',
    );
    pages.show(res, { template: 'return', locale, framed: true, data: { message: message ?? null } });
  });

  router.get('/course/calls', (req, res) => {
    const visitor = signedIn(lms, req, res);
    if (visitor === null) return;
    const addresses = platformAddresses(lms);
    pages.showInCourse(req, res, {
      template: 'calls',
      at: 'calls',
      visitor,
      data: {
        connection: [
          ['Issuer', lms.url],
          ['Client ID', lms.clientId],
          ['Deployment ID', lms.deploymentId],
          ['Authentication URL', addresses.auth],
          ['Token URL', addresses.token],
          ['Key set URL', addresses.keySet],
        ].map(([name, value]) => ({ name, value })),
        calls: [...lms.log.calls()].reverse().map((call) => ({
          ...call,
          time: new Date(call.at).toLocaleTimeString('en-CA', { hour12: false }),
          ok: call.status > 0 && call.status < 400,
          status: call.status === 0 ? say(visitor.locale, 'calls.cut') : String(call.status),
        })),
      },
    });
  });
  return router;
}

/** Answers `?lang=…` on any page: keeps the choice and shows the page again. */
export function languageSwitch(lms: Lms): Router {
  const router = Router();
  router.get('/{*path}', (req, res, next) => {
    const { lang } = req.query;
    if (!isLocale(lang)) return next();
    lms.sessions.chooseLocale(res, lang);
    lms.siteLocale = lang;
    res.redirect(303, req.path);
  });
  return router;
}

type SignedIn = Visitor & { readonly person: Person };

/** The visitor, or null after sending someone who is not signed in, or not a teacher, elsewhere. */
export function signedIn(lms: Lms, req: Request, res: Response, as?: 'teacher'): SignedIn | null {
  const { person, locale } = lms.sessions.visitor(req);
  if (person === null || (as === 'teacher' && person.kind !== 'teacher')) {
    res.redirect(303, person === null ? '/' : '/course');
    return null;
  }
  return { person, locale };
}

function showFrame(
  pages: Pages,
  req: Request,
  res: Response,
  visitor: Visitor,
  title: string,
  src: string,
): void {
  pages.showInCourse(req, res, { template: 'activity', at: 'activity', visitor, data: { title, src } });
}
