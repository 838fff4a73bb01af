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
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/' } as const;

  return {
    visitor: (req) => {
      const cookies = parseCookie(req.headers.cookie ?? '');
      const locale = cookies[localeCookie];
      return {
        person: open.get(cookies[sessionCookie] ?? '') ?? null,
        locale: isLocale(locale) ? locale : req.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en',
      };
    },
    signIn: (res, person) => {
      res.cookie(sessionCookie, open.keep(person), attributes);
    },
    signOut: (req, res) => {
      open.delete(parseCookie(req.headers.cookie ?? '')[sessionCookie] ?? '');
      res.clearCookie(sessionCookie, attributes);
    },
    chooseLocale: (res, locale) => {
      res.cookie(localeCookie, locale, attributes);
    },
  };
}
