import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createSafeFetch, type SafeFetchOptions } from '../../src/badges/safe-fetch.ts';
import { startRecordedWeb } from '../support/recorded-web.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const fetchWith = (options: Partial<SafeFetchOptions>) =>
  createSafeFetch({ outbound: 'on', proxy: null, allowPrivateHosts: [], ...options });
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('an address that is not on the public internet is refused', () => {
  test.for([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://255.255.255.255/',
    'http://224.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[2002:7f00:1::]/',
    'http://[64:ff9b::7f00:1]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://intranet/',
    'http://printer.local/',
    'http://metadata.google.internal/',
  ])('%s', async (address) => {
    expect(await fetchWith({})(address)).toEqual({ ok: false, problem: 'private' });
  });

  test('even through an egress proxy, which is not asked', async () => {
    const web = await startRecordedWeb();
    const answer = await fetchWith({ proxy: web.proxy })('https://169.254.169.254/');
    await web.close();
    expect(answer).toEqual({ ok: false, problem: 'private' });
    expect(web.requests).toEqual([]);
  });
});

test.for([
  ['ftp://example.org/badge', 'address'],
  ['file:///etc/passwd', 'address'],
  ['javascript:alert(1)', 'address'],
  ['https://example.org@other.test/', 'address'],
  ['https://user:secret@example.org/', 'address'],
  ['no address', 'address'],
  ['https://example.org:8443/', 'port'],
  ['http://example.org:22/', 'port'],
] as const)('%s is refused: %s', async ([address, problem]) => {
  expect(await fetchWith({})(address)).toEqual({ ok: false, problem });
});

test('nothing is asked when look-ups are switched off', async () => {
  let asked = 0;
  const host = await serve((_, response) => response.end(String(++asked)));
  const fetchPublic = fetchWith({ outbound: 'off', allowPrivateHosts: [host] });
  expect(await fetchPublic(`http://${host}/`)).toEqual({ ok: false, problem: 'off' });
  expect(asked).toBe(0);
});

test('an allowed private host is reached on its port only, without cookies, credentials or Referer', async () => {
  let headers: IncomingHttpHeaders = {};
  const host = await serve((request, response) => {
    headers = request.headers;
    response.setHeader('set-cookie', 'a=b').end('{}');
  });
  const other = await serve((_, response) => response.end('{}'));
  const fetchPublic = fetchWith({ allowPrivateHosts: [host] });
  const answer = await fetchPublic(`http://${host}/badge#part`);
  expect(answer).toMatchObject({ ok: true, status: 200, url: `http://${host}/badge` });
  expect(Object.keys(headers).toSorted()).toEqual([
    'accept',
    'accept-encoding',
    'accept-language',
    'connection',
    'host',
    'user-agent',
  ]);
  expect(await fetchPublic(`http://${other}/`)).toEqual({ ok: false, problem: 'private' });
});

describe('redirects', () => {
  const chain: RequestListener = (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  };
  test('three are followed', async () => {
    const host = await serve(chain);
    const answer = await fetchWith({ allowPrivateHosts: [host] })(`http://${host}/3`);
    expect(answer).toMatchObject({ ok: true, url: `http://${host}/0` });
  });
  test('a fourth is not', async () => {
    const host = await serve(chain);
    const answer = await fetchWith({ allowPrivateHosts: [host] })(`http://${host}/4`);
    expect(answer).toEqual({ ok: false, problem: 'redirects' });
  });
  test.for([
    ['http://127.0.0.2/', 'private'],
    ['http://[::ffff:7f00:1]/', 'private'],
    ['file:///etc/passwd', 'address'],
    ['https://user@example.org/', 'address'],
  ] as const)('one to %s is refused', async ([location, problem]) => {
    const host = await serve((_, response) => response.writeHead(302, { location }).end());
    const answer = await fetchWith({ allowPrivateHosts: [host] })(`http://${host}/`);
    expect(answer).toEqual({ ok: false, problem });
  });
  test('one from https down to http is refused', async () => {
    const web = await startRecordedWeb();
    web.put('https://example.org/a', {
      status: 302,
      headers: { location: 'http://example.org/b' },
      body: '',
    });
    web.put('http://example.org/b', { body: '{}' });
    const answer = await fetchWith({ proxy: web.proxy })('https://example.org/a');
    await web.close();
    expect(answer).toEqual({ ok: false, problem: 'redirects' });
  });
});

describe('an answer is cut off', () => {
  test('above one mebibyte', async () => {
    const host = await serve((_, response) => response.end(Buffer.alloc(1024 * 1024 + 1)));
    expect(await fetchWith({ allowPrivateHosts: [host] })(`http://${host}/`)).toEqual({
      ok: false,
      problem: 'too-large',
    });
  });
  test('above one mebibyte after unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const host = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await fetchWith({ allowPrivateHosts: [host] })(`http://${host}/`)).toEqual({
      ok: false,
      problem: 'too-large',
    });
  });
  test('when it never ends', async () => {
    const host = await serve((_, response) => {
      response.write('{');
    });
    const answer = await fetchWith({ allowPrivateHosts: [host] })(
      `http://${host}/`,
      AbortSignal.timeout(200),
    );
    expect(answer).toEqual({ ok: false, problem: 'timeout' });
  });
});

test('a small packed answer is unpacked, an unknown packing refused', async () => {
  const host = await serve((request, response) => {
    const encoding = request.url === '/gzip' ? 'gzip' : 'zstd';
    response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('{"a":1}'));
  });
  const fetchPublic = fetchWith({ allowPrivateHosts: [host] });
  const packed = await fetchPublic(`http://${host}/gzip`);
  expect(packed.ok && textOf(packed.bytes)).toBe('{"a":1}');
  expect(await fetchPublic(`http://${host}/zstd`)).toEqual({ ok: false, problem: 'encoding' });
});

test('a server that is not there, or hangs up, is unreachable', async () => {
  const host = await serve((request) => request.socket.destroy());
  const fetchPublic = fetchWith({ allowPrivateHosts: [host, '127.0.0.1:9'] });
  expect(await fetchPublic(`http://${host}/`)).toEqual({ ok: false, problem: 'unreachable' });
  expect(await fetchPublic('http://127.0.0.1:9/')).toEqual({ ok: false, problem: 'unreachable' });
});

test('every look-up goes through the egress proxy: http in absolute form, https by CONNECT', async () => {
  const web = await startRecordedWeb();
  web.put('http://example.org/a', { body: 'plain' });
  web.put('https://example.org/a', { body: 'secure' });
  const fetchPublic = fetchWith({ proxy: web.proxy });
  const plain = await fetchPublic('http://example.org/a');
  const secure = await fetchPublic('https://example.org/a');
  await web.close();
  expect(plain.ok && textOf(plain.bytes)).toBe('plain');
  expect(secure.ok && textOf(secure.bytes)).toBe('secure');
  expect(web.requests).toEqual([
    'GET http://example.org/a',
    'CONNECT example.org:443',
    'GET https://example.org/a',
  ]);
});

test('an allowed host inside the building is reached past the egress proxy', async () => {
  const web = await startRecordedWeb();
  const host = await serve((_, response) => response.end('inside'));
  const answer = await fetchWith({ proxy: web.proxy, allowPrivateHosts: [host] })(`http://${host}/`);
  await web.close();
  expect(answer.ok && textOf(answer.bytes)).toBe('inside');
  expect(web.requests).toEqual([]);
});
