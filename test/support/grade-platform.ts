import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import type { SigningIdentity } from '../../src/lti/signing-identity.ts';
import { type Answer, createGradeBook, type Manner } from './grade-book.ts';

const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope/';
const LINE_ITEM = `${AGS}lineitem`;
const LINE_ITEM_READ = `${AGS}lineitem.readonly`;
const SCORE = `${AGS}score`;
const RESULT = `${AGS}result.readonly`;
const ROSTER = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
export const ALL_SCOPES = [LINE_ITEM, LINE_ITEM_READ, SCORE, RESULT, ROSTER];

export type Route = 'token' | 'list' | 'item' | 'create' | 'score' | 'results' | 'roster';
/**
 * What happens instead of an answer; `lost`: the request is carried out and the connection breaks before the answer; `raw`:
 * these bytes, be they HTTP or not.
 */
export type Fault = Answer | { readonly raw: string } | 'hang' | 'reset' | 'lost';

type Need = { readonly scopes: readonly string[]; readonly accept?: string; readonly content?: string };
const ITEM_TYPE = 'application/vnd.ims.lis.v2.lineitem+json';
const NEEDS: Readonly<Record<Exclude<Route, 'token'>, Need>> = {
  list: { scopes: [LINE_ITEM, LINE_ITEM_READ], accept: 'application/vnd.ims.lis.v2.lineitemcontainer+json' },
  item: { scopes: [LINE_ITEM, LINE_ITEM_READ], accept: ITEM_TYPE },
  create: { scopes: [LINE_ITEM], accept: ITEM_TYPE, content: ITEM_TYPE },
  score: { scopes: [SCORE], content: 'application/vnd.ims.lis.v1.score+json' },
  results: { scopes: [RESULT], accept: 'application/vnd.ims.lis.v2.resultcontainer+json' },
  roster: { scopes: [ROSTER], accept: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json' },
};

/** The tool's key pair, one for a whole test file: making one takes long. */
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export type GradePlatform = Awaited<ReturnType<typeof startGradePlatform>>;

/**
 * A grade book behind real HTTP. It verifies the tool's assertion with the tool's public key, grants and checks scopes,
 * and compares media types to the letter.
 */
export async function startGradePlatform(options: { now: () => number; manner?: Manner }) {
  const { now } = options;
  const settings = {
    deploymentId: 'deployment-1',
    scopes: [...ALL_SCOPES],
    members: [] as unknown[],
    pageSize: 2,
    /** Gives the `next` link of a page in place of the right one. */
    nextLink: null as ((page: number) => string) | null,
    tokenAnswer: (token: string): unknown => ({
      access_token: token,
      token_type: 'Bearer',
      expires_in: 3600,
    }),
    honoursFilters: true,
  };
  const faults = new Map<Route, Fault[]>();
  const seen: { readonly route: Route; readonly url: string; readonly body: string }[] = [];
  const tokens = new Map<string, string[]>();
  const usedJti = new Set<string>();
  const underWay = { now: 0, most: 0 };

  const server = createServer((request, response) => {
    underWay.now += 1;
    underWay.most = Math.max(underWay.most, underWay.now);
    response.on('close', () => {
      underWay.now -= 1;
    });
    handle(request, response).catch((error: unknown) => send(response, { status: 500, body: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const book = createGradeBook(`${origin}/lineitems`, options.manner ?? 'silent');
  const identity: SigningIdentity = {
    issuer: origin,
    clientId: 'tool-client-id',
    kid: 'tool-key',
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    tokenUrl: `${origin}/token`,
    audience: `${origin}/audience`,
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', origin);
    const route = routeOf(request.method ?? '', url.pathname);
    if (route === null) return send(response, { status: 404, body: 'no such service' });
    seen.push({ route, url: url.href, body });
    const fault = faults.get(route)?.shift();
    if (fault === 'hang') return;
    if (fault === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (typeof fault === 'object' && 'raw' in fault) {
      request.socket.end(fault.raw);
      return;
    }
    const answer = typeof fault === 'object' ? fault : await serve(route, request, url, body);
    if (fault === 'lost') request.socket.resetAndDestroy();
    else send(response, answer);
  }

  async function serve(route: Route, request: IncomingMessage, url: URL, body: string): Promise<Answer> {
    if (route === 'token') return grant(new URLSearchParams(body));
    const granted = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (granted === undefined) return { status: 401, body: 'token expired' };
    const need = NEEDS[route];
    if (!need.scopes.some((scope) => granted.includes(scope))) return { status: 403, body: 'scope missing' };
    const isDelete = request.method === 'DELETE';
    if (isDelete && !granted.includes(LINE_ITEM)) return { status: 403, body: 'scope missing' };
    if (need.accept && !isDelete && request.headers.accept !== need.accept)
      return { status: 406, body: 'accept' };
    if (need.content && request.headers['content-type'] !== need.content)
      return { status: 415, body: 'content' };
    if (route === 'list') return page(url, filtered(url), (items) => items);
    if (route === 'create') return book.create(JSON.parse(body));
    if (route === 'roster') return page(url, settings.members, (members) => ({ id: url.href, members }));

    const path = url.pathname.replace(/\/(scores|results)$/, '');
    const column = book.columns.find((one) => new URL(one.id).pathname === path);
    if (column === undefined || url.searchParams.get('type_id') !== '7') {
      return { status: 404, body: "Not Found: Grade item doesn't exist." };
    }
    if (route === 'item' && isDelete) {
      book.columns.splice(book.columns.indexOf(column), 1);
      return { status: 204 };
    }
    if (route === 'item') return { status: 200, body: column };
    if (route === 'score') return book.take(column, JSON.parse(body));
    return page(url, book.results(column, url.searchParams.get('user_id')), (items) => items);
  }

  async function grant(form: URLSearchParams): Promise<Answer> {
    if (form.get('grant_type') !== 'client_credentials')
      return { status: 400, body: { error: 'invalid_request' } };
    const problem = await assertionProblem(form.get('client_assertion') ?? '');
    if (problem !== null)
      return { status: 401, body: { error: 'invalid_client', error_description: problem } };
    const scopes = (form.get('scope') ?? '').split(' ');
    if (!scopes.every((scope) => settings.scopes.includes(scope))) {
      return { status: 400, body: { error: 'invalid_scope' } };
    }
    const token = `token-${usedJti.size}`;
    tokens.set(token, scopes);
    return { status: 200, body: settings.tokenAnswer(token) };
  }

  /** What Brightspace and the Security Framework §4.1.1 look at. */
  async function assertionProblem(assertion: string): Promise<string | null> {
    try {
      const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
        algorithms: ['RS256'],
        issuer: identity.clientId,
        subject: identity.clientId,
        requiredClaims: ['iat', 'exp', 'jti'],
        currentDate: new Date(now()),
      });
      const { iat = 0, exp = 0, jti = '', aud } = payload;
      if (protectedHeader.kid !== identity.kid) return 'kid';
      if (aud !== identity.audience) return 'audience must be one string';
      if (exp - iat > 300) return 'lifetime';
      if (iat * 1000 > now()) return 'issued in the future';
      if (usedJti.has(jti)) return 'jti used';
      usedJti.add(jti);
      const deployment = payload['https://purl.imsglobal.org/spec/lti/claim/deployment_id'];
      return deployment === settings.deploymentId ? null : 'deployment';
    } catch (error) {
      return String(error);
    }
  }

  function filtered(url: URL): unknown[] {
    const filters = { resource_link_id: 'resourceLinkId', resource_id: 'resourceId', tag: 'tag' } as const;
    return book.columns.filter((column) =>
      Object.entries(filters).every(([name, field]) => {
        const wanted = url.searchParams.get(name);
        return wanted === null || !settings.honoursFilters || column[field] === wanted;
      }),
    );
  }

  function page(url: URL, all: unknown[], wrap: (items: unknown[]) => unknown): Answer {
    const from = Number(url.searchParams.get('from') ?? 0);
    const to = from + settings.pageSize;
    const rest = new URL(url);
    rest.searchParams.set('from', String(to));
    const next = settings.nextLink?.(from / settings.pageSize) ?? (to < all.length ? rest.href : null);
    // Moodle's typographic quotation marks, as the bytes it sends.
    const link = Buffer.from(`<${url.href}>; rel=“first”, <${next}>; rel=“next”`).toString('latin1');
    return { status: 200, body: wrap(all.slice(from, to)), ...(next !== null && { headers: { link } }) };
  }

  return {
    origin,
    lineItemsUrl: `${origin}/lineitems?type_id=7`,
    membershipsUrl: `${origin}/roster?rlid=link-1`,
    identity,
    settings,
    book,
    /** Every request that reached a service, in order. */
    seen,
    count: (route: Route) => seen.filter((request) => request.route === route).length,
    /** Faults for the next requests of one kind, one a request. */
    fail: (route: Route, ...next: Fault[]) => {
      faults.set(route, [...(faults.get(route) ?? []), ...next]);
    },
    recover: () => faults.clear(),
    expireTokens: () => tokens.clear(),
    mostUnderWay: () => underWay.most,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function routeOf(method: string, path: string): Route | null {
  if (path === '/token') return method === 'POST' ? 'token' : null;
  if (path === '/lineitems') return method === 'POST' ? 'create' : 'list';
  if (path === '/roster') return 'roster';
  if (path.endsWith('/scores')) return method === 'POST' ? 'score' : null;
  if (path.endsWith('/results')) return 'results';
  return path.startsWith('/lineitems/') ? 'item' : null;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body = '', headers = {} }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}
