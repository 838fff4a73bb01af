import { Parser } from 'htmlparser2';

const MAX_CHARACTERS = 256 * 1024;
const MAX_DATA = 10;

/** What a page's head says about itself. Nothing of it is proof of anything. */
export type Page = {
  readonly title: string | null;
  /** `og:…`, `twitter:…` and named metas; the first of each name. */
  readonly meta: Readonly<Record<string, string>>;
  /** Addresses of machine-readable versions, as written. */
  readonly alternates: readonly string[];
  /** Contents of `application/ld+json` scripts. */
  readonly data: readonly string[];
};

const MACHINE_READABLE = /^application\/(?:(?:ld|vc)\+)*(?:json|jwt)\s*(?:;|$)/i;

/** Reads at most the first 256 Ki characters. Scripts are never run and nothing is fetched. Never throws. */
export function readPage(html: string): Page {
  const meta: Record<string, string> = Object.create(null);
  const alternates: string[] = [];
  const data: string[] = [];
  let title = '';
  let inside: 'title' | 'data' | null = null;
  let text = '';
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === 'meta') {
        const key = (attributes['property'] ?? attributes['name'] ?? '').toLowerCase();
        const content = attributes['content'] ?? '';
        if (/^[a-z][a-z0-9:._-]{1,60}$/.test(key) && content !== '' && meta[key] === undefined)
          meta[key] = content.slice(0, 2000);
      }
      if (name === 'link' && /\balternate\b/i.test(attributes['rel'] ?? '')) {
        const href = attributes['href'];
        if (href !== undefined && MACHINE_READABLE.test(attributes['type'] ?? '')) alternates.push(href);
      }
      const isData =
        name === 'script' && /^application\/(ld\+|vc\+ld\+|)json$/i.test(attributes['type'] ?? '');
      if (isData || (name === 'title' && title === '')) {
        inside = isData ? 'data' : 'title';
        text = '';
      }
    },
    ontext: (part) => {
      if (inside !== null) text += part;
    },
    onclosetag: (name) => {
      if (inside === 'title' && name === 'title') title = text.trim();
      if (inside === 'data' && name === 'script' && data.length < MAX_DATA) data.push(text.trim());
      if (name === 'title' || name === 'script') inside = null;
    },
  });
  parser.write(html.slice(0, MAX_CHARACTERS));
  parser.end();
  return { title: title === '' ? null : title.slice(0, 300), meta, alternates: alternates.slice(0, 5), data };
}
