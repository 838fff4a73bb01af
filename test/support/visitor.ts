import { setTimeout } from 'node:timers/promises';
import { type HTMLElement, parse } from 'node-html-parser';

const MOST_LOOKS = 300;

export type Fields = Readonly<Record<string, string | File>>;

/** A page as a browser without JavaScript has it. */
export type Page = {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly html: HTMLElement;
  readonly text: string;
};

/** Somebody at a browser without JavaScript: keeps cookies by host, follows redirects, fills in forms. */
export type Visitor = {
  readonly open: (address: string) => Promise<Page>;
  /** The page as it is now, also one that will look again. */
  readonly glance: (address: string) => Promise<Page>;
  /** Sends a form of a page with its hidden fields and `fields`. `button` is the `name=value` of the one pressed. */
  readonly send: (page: Page, form: string, fields: Fields, button?: string) => Promise<Page>;
  /** The cookies that go to this address, as the header carries them. */
  readonly cookiesOf: (address: string) => string;
  /** Follows a link of the page by its words or selector. */
  readonly follow: (page: Page, selector: string) => Promise<Page>;
};

export function createVisitor({ lookAgainMs = 200 } = {}): Visitor {
  const cookies = new Map<string, string>();

  function cookiesOf(address: string): string {
    const { host } = new URL(address);
    const mine = [...cookies].filter(([key]) => key.startsWith(`${host} `));
    return mine.map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');
  }

  /** A page that says it will look again by itself is waited for, faster than a browser does. */
  async function request(address: string, init: RequestInit = {}): Promise<Page> {
    let page = await ask(address, init);
    for (let looks = 0; looks < MOST_LOOKS && refreshes(page); looks += 1) {
      await setTimeout(lookAgainMs);
      page = await ask(page.url);
    }
    return page;
  }

  async function ask(address: string, init: RequestInit = {}): Promise<Page> {
    let url = new URL(address);
    let options = init;
    for (let hops = 0; hops < 10; hops += 1) {
      const response = await fetch(url, {
        ...options,
        redirect: 'manual',
        headers: { cookie: cookiesOf(url.href) },
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        cookies.set(`${url.host} ${pair.slice(0, pair.indexOf('='))}`, pair.slice(pair.indexOf('=') + 1));
      }
      const next = response.headers.get('location');
      if (next === null) {
        const body = await response.text();
        const html = parse(body);
        return {
          status: response.status,
          url: url.href,
          headers: response.headers,
          html,
          text: wordsOf(html),
        };
      }
      await response.body?.cancel();
      url = new URL(next, url);
      options = {};
    }
    throw new Error('too many redirects');
  }

  async function send(page: Page, selector: string, fields: Fields, button?: string): Promise<Page> {
    const form = page.html.querySelector(selector);
    if (form === null) throw new Error(`${page.url} has no ${selector}: ${page.text.slice(0, 300)}`);
    const all = new Map<string, string | File>(filledIn(form));
    if (button !== undefined)
      all.set(button.slice(0, button.indexOf('=')), button.slice(button.indexOf('=') + 1));
    for (const [name, value] of Object.entries(fields)) all.set(name, value);
    const action = new URL(form.getAttribute('action') ?? page.url, page.url).href;
    if (form.getAttribute('enctype') !== 'multipart/form-data') {
      const body = new URLSearchParams(
        [...all].map(([name, value]): [string, string] => [name, String(value)]),
      );
      return request(action, { method: 'POST', body });
    }
    const body = new FormData();
    for (const [name, value] of all) body.append(name, value);
    return request(action, { method: 'POST', body });
  }

  return {
    open: (address) => request(address),
    glance: (address) => ask(address),
    send,
    cookiesOf,
    follow: (page, selector) => {
      const href = page.html.querySelector(selector)?.getAttribute('href');
      if (href === undefined)
        throw new Error(`${page.url} has no link ${selector}: ${page.text.slice(0, 300)}`);
      return request(new URL(href, page.url).href);
    },
  };
}

function refreshes({ html }: Page): boolean {
  return /<meta http-equiv="refresh"/.test(html.querySelector('head noscript')?.innerHTML ?? '');
}

/** What the form would send if nothing was changed. */
function filledIn(form: HTMLElement): [string, string][] {
  const inputs = form.querySelectorAll('input, textarea, select').flatMap((field): [string, string][] => {
    const name = field.getAttribute('name');
    const type = field.getAttribute('type') ?? 'text';
    if (name === undefined || type === 'file') return [];
    if (['radio', 'checkbox'].includes(type) && !field.hasAttribute('checked')) return [];
    if (field.tagName === 'TEXTAREA') return [[name, field.textContent]];
    if (field.tagName === 'SELECT')
      return [[name, field.querySelector('option[selected]')?.getAttribute('value') ?? '']];
    return [[name, field.getAttribute('value') ?? '']];
  });
  return inputs;
}

function wordsOf(html: HTMLElement): string {
  return (html.querySelector('main') ?? html).textContent.replace(/\s+/g, ' ').trim();
}
