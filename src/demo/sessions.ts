import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';
import { createExpiringMap } from './expiring-map.ts';
import { isLocale, type Locale } from './locale.ts';
import type { Person } from './people.ts';

export type Visitor = { readonly person: Person | null; readonly locale: Locale };

export type Sessions = {
  readonly visitor: (req: Request) => Visitor;
  readonly signIn: (res: Response, person: Person) => void;
  readonly signOut: (req: Request, res: Response) => void;
  readonly chooseLocale: (res: Response, locale: Locale) => void;
};

const EIGHT_HOURS = 8 * 3600 * 1000;

/** Who is sitting at the browser. Cookies know no ports, so their names carry it. */
export function createSessions(now: () => number, port: string): Sessions {
  const open = createExpiringMap<Person>(now, EIGHT_HOURS);
  const sessionCookie = `demo-lms-${port}`;
  const localeCookie = `demo-lms-language-${port}`;
  const framedCookie = `${sessionCookie}-framed`;
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/' } as const;
  // A tool's page inside the course sends the browser back to sign in, which a browser counts as coming from another site.
  const framed = { ...attributes, sameSite: 'none', secure: true } as const;
  const idOf = (req: Request) => {
    const cookies = parseCookie(req.headers.cookie ?? '');
    return cookies[sessionCookie] ?? cookies[framedCookie] ?? '';
  };

  return {
    visitor: (req) => {
      const cookies = parseCookie(req.headers.cookie ?? '');
      const locale = cookies[localeCookie];
      return {
        person: open.get(idOf(req)) ?? null,
        locale: isLocale(locale) ? locale : req.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en',
      };
    },
    signIn: (res, person) => {
      const id = open.keep(person);
      res.cookie(sessionCookie, id, attributes);
      res.cookie(framedCookie, id, framed);
    },
    signOut: (req, res) => {
      open.delete(idOf(req));
      res.clearCookie(sessionCookie, attributes);
      res.clearCookie(framedCookie, framed);
    },
    chooseLocale: (res, locale) => {
      res.cookie(localeCookie, locale, attributes);
    },
  };
}
