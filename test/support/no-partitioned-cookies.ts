import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between browsers and the tool and takes the word `Partitioned` from its cookies, so that a browser treats them as one
 * that does not know it. Which cookies are then kept in a frame is the browser's own doing.
 */
export async function startWithoutPartitioned(
  port: number,
  target: number,
): Promise<{ readonly stop: () => Promise<void> }> {
  const server = createServer((req, res) => {
    const onward = request(
      { host: '127.0.0.1', port: target, method: req.method, path: req.url, headers: req.headers },
      (answer) => {
        const { 'set-cookie': cookies, ...kept } = answer.headers;
        const plain = cookies?.map((cookie) => cookie.replace('; Partitioned', ''));
        res.writeHead(answer.statusCode ?? 502, { ...kept, ...(plain && { 'set-cookie': plain }) });
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
