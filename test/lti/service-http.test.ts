import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceHttp } from '../../src/lti/service-http.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server on this machine; returns its origin. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = createServiceHttp({ version: '1.2.3', production: false, timeoutMs: 300 });
const get = (url: string) => http({ method: 'GET', url, headers: { authorization: 'Bearer secret' } });
let reached: string[];
beforeEach(() => {
  reached = [];
});

test('sends method, headers, body and its name, and brings back what was answered', async () => {
  const origin = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { 'user-agent': agent, 'content-type': type } = request.headers;
      response
        .writeHead(201, { link: '</next>; rel="next"' })
        .end([request.method, request.url, agent, type, body].join('|'));
    });
  });
  const headers = { 'content-type': 'application/vnd.ims.lis.v1.score+json' };
  const answer = await http({ method: 'POST', url: `${origin}/scores?type_id=7`, headers, body: '{"é":1}' });
  expect(answer).toMatchObject({
    kind: 'response',
    status: 201,
    body: 'POST|/scores?type_id=7|shsm-badges/1.2.3|application/vnd.ims.lis.v1.score+json|{"é":1}',
  });
  expect(answer.kind === 'response' && answer.headers['link']).toBe('</next>; rel="next"');
});

test('an LMS that never answers costs the time-out and no more', async () => {
  const origin = await serve(() => {});
  expect(await get(origin)).toEqual({ kind: 'failure', reason: 'timeout', code: 'total-time' });
});

test('an LMS that answers drop by drop costs the time-out and no more', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200);
    const drops = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(drops));
  });
  expect(await get(origin)).toEqual({ kind: 'failure', reason: 'timeout', code: 'total-time' });
});

test('the caller may end it earlier', async () => {
  const origin = await serve(() => {});
  const patient = createServiceHttp({ version: '0', production: false, timeoutMs: 60_000 });
  const answer = await patient({ method: 'GET', url: origin, headers: {}, signal: AbortSignal.timeout(10) });
  expect(answer).toEqual({ kind: 'failure', reason: 'timeout', code: 'total-time' });
});

test('nobody listens', async () => {
  const origin = await serve(() => {});
  closers.splice(0).forEach((close) => {
    close();
  });
  expect(await get(origin)).toEqual({ kind: 'failure', reason: 'unreachable', code: 'ECONNREFUSED' });
});

test('a connection that breaks is a value', async () => {
  const origin = await serve((request) => request.socket.resetAndDestroy());
  expect(await get(origin)).toMatchObject({ kind: 'failure', reason: 'unreachable' });
});

test('more than a mebibyte is not read', async () => {
  const origin = await serve((_, response) => response.end(Buffer.alloc(1024 * 1024 + 1, 32)));
  expect(await get(origin)).toEqual({ kind: 'failure', reason: 'too-large', code: 'over-1048576-bytes' });
});

test('a redirect to another origin is not followed, so the token stays', async () => {
  const elsewhere = await serve((request, response) => {
    reached.push(request.url ?? '');
    response.end();
  });
  const origin = await serve((_, response) =>
    response.writeHead(307, { location: `${elsewhere}/steal` }).end(),
  );
  expect(await get(origin)).toEqual({ kind: 'failure', reason: 'redirect', code: 'other-origin' });
  expect(reached).toEqual([]);
});

test('a GET follows a redirect within the origin', async () => {
  const origin = await serve((request, response) => {
    if (request.url === '/new') response.end(`moved ${request.headers.authorization}`);
    else response.writeHead(302, { location: '/new' }).end();
  });
  expect(await get(`${origin}/old`)).toMatchObject({ status: 200, body: 'moved Bearer secret' });
});

test('a POST keeps its body or is not redirected at all', async () => {
  const origin = await serve((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    if (request.url === '/new') response.end('taken');
    else response.writeHead(Number(request.url?.slice(1)), { location: '/new' }).end();
  });
  const post = (path: string) => http({ method: 'POST', url: `${origin}${path}`, headers: {}, body: 'x' });
  expect(await post('/308')).toMatchObject({ status: 200, body: 'taken' });
  expect(await post('/302')).toMatchObject({ status: 302 });
  expect(reached).toEqual(['POST /308', 'POST /new', 'POST /302']);
});

test('a circle of redirects ends', async () => {
  const origin = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
  expect(await get(origin)).toEqual({ kind: 'failure', reason: 'redirect', code: 'too-many' });
});

test.each([
  ['plain http in production', true, 'http://127.0.0.1:1/'],
  ['plain http to another machine', false, 'http://lms.example.test/'],
  ['another scheme', false, 'file:///etc/passwd'],
  ['a password in the address', false, 'https://user:pass@lms.example.test/'],
  ['no address', false, 'lineitems/1'],
])('%s is refused before anything is sent', async (_, production, url) => {
  const strict = createServiceHttp({ version: '0', production, timeoutMs: 300 });
  expect(await strict({ method: 'GET', url, headers: {} })).toEqual({
    kind: 'failure',
    reason: 'address',
    code: 'address-not-allowed',
  });
});

test('a token that cannot be a header does not throw', async () => {
  const origin = await serve((_, response) => response.end());
  const answer = await http({ method: 'GET', url: origin, headers: { authorization: 'Bearer a\r\nb: c' } });
  expect(answer).toMatchObject({ kind: 'failure', reason: 'unreachable' });
});
