import { parse } from 'node-html-parser';
import type { DemoLms } from '../../src/demo/demo-lms.ts';

export type Fields = Readonly<Record<string, string>>;
export type PostedForm = { readonly action: string; readonly fields: Fields };

/** Somebody at a browser without JavaScript, in the demo LMS: keeps cookies, follows nothing by itself. */
export type DemoVisitor = {
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, fields: Fields) => Promise<Response>;
  /** Opens a launch address of the course and answers the parameters that the tool's login gets. */
  readonly startLogin: (path: string) => Promise<Fields>;
  /** Sends a tool's authentication request and answers the form that the LMS posts on. */
  readonly authenticate: (request: Fields) => Promise<PostedForm>;
};

export const ACTIVITY = '/launch/link/activity-1';

export async function signIn(
  lms: DemoLms,
  personId: string,
  locale: 'en' | 'fr' = 'en',
): Promise<DemoVisitor> {
  const cookies = new Map<string, string>();
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(new URL(path, lms.url), {
      ...init,
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const get = (path: string) => send(path, {});
  const post = (path: string, fields: Fields) =>
    send(path, { method: 'POST', body: new URLSearchParams(fields) });

  await get(`/?lang=${locale}`);
  await post('/sign-in', { person: personId });
  return {
    get,
    post,
    startLogin: async (path) => {
      const location = (await get(path)).headers.get('location');
      if (location === null) throw new Error(`${path} did not start a login`);
      return Object.fromEntries(new URL(location).searchParams);
    },
    authenticate: async (request) => readForm(await get(`/lti/auth?${new URLSearchParams(request)}`)),
  };
}

/** The one form of a page, with its hidden fields. */
export async function readForm(response: Response): Promise<PostedForm> {
  const form = parse(await response.text()).querySelector('form');
  if (form === null) throw new Error(`status ${response.status}, and no form`);
  return {
    action: form.getAttribute('action') ?? '',
    fields: Object.fromEntries(
      form
        .querySelectorAll('input')
        .map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
    ),
  };
}
