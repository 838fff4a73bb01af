import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between browsers and the tool at `port` and takes every cookie from what goes to and from a frame, as a browser
 * does that allows none there, not even partitioned ones. A window of its own keeps its cookies.
 */
export async function startCookielessFrames(
  port: number,
  target: () => number,
): Promise<{ readonly stop: () => Promise<void> }> {
  const server = createServer((req, res) => {
    const isFrame = req.headers['sec-fetch-dest'] === 'iframe';
    const { cookie, ...rest } = req.headers;
    const headers = isFrame || cookie === undefined ? rest : { ...rest, cookie };
    const onward = request(
      { host: '127.0.0.1', port: target(), method: req.method, path: req.url, headers },
      (answer) => {
        const { 'set-cookie': cookies, ...kept } = answer.headers;
        res.writeHead(answer.statusCode ?? 502, {
          ...kept,
          ...(!isFrame && cookies && { 'set-cookie': cookies }),
        });
        answer.pipe(res);
      },
    );
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
