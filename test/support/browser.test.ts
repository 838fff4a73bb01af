import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { blockThirdPartyCookies } from './browser.ts';
import { browserTest, type NewPage } from './browser-test.ts';

async function serve(handler: RequestListener): Promise<number> {
  const server = createServer(handler).listen(0);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** Sets one cookie of each kind in a frame of another site and answers which ones come back. */
async function framedCookies(newPage: NewPage, blocked: boolean) {
  const framed = await serve((req, res) => {
    if (req.url === '/set') {
      res.setHeader('set-cookie', [
        'loose=1; SameSite=None; Secure; HttpOnly',
        'parted=1; SameSite=None; Secure; HttpOnly; Partitioned',
      ]);
      res.setHeader('location', '/get').writeHead(302).end();
      return;
    }
    res.setHeader('content-type', 'text/html').end(`<p>${req.headers.cookie ?? ''}</p>`);
  });
  const top = await serve((_req, res) =>
    res.setHeader('content-type', 'text/html').end(`<iframe src="http://localhost:${framed}/set"></iframe>`),
  );
  const page = await newPage();
  if (blocked) await blockThirdPartyCookies(page);
  await page.goto(`http://127.0.0.1:${top}/`);
  return page.frameLocator('iframe').locator('p').textContent();
}

browserTest(
  'a frame of another site keeps both kinds of cookie as long as none is blocked',
  async ({ newPage }) => {
    expect(await framedCookies(newPage, false)).toBe('loose=1; parted=1');
  },
);

browserTest(
  'with third-party cookies blocked only the partitioned cookie comes back',
  async ({ newPage }) => {
    expect(await framedCookies(newPage, true)).toBe('parted=1');
  },
);
