import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartProblem } from './start-problem.ts';

/** Requests in hand get this long to finish; with the worker and the storage the whole stop stays under ten seconds. */
const FINISH_MS = 6_000;

/** Listens and resolves with the address, once it is really open. Port 0 takes any that is free. */
export async function listen(
  handler: RequestListener,
  host: string,
  port: number,
): Promise<{ server: Server; address: string }> {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 15_000 }, handler);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE')
      throw new StartProblem(`SHSM_PORT: port ${port} is in use already; choose another`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new StartProblem(`SHSM_HOST, SHSM_PORT: cannot listen on ${host} port ${port} (${code})`);
    throw error;
  }
  const bound = server.address() as AddressInfo;
  return { server, address: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}` };
}

/** Takes no new request, lets those in hand finish, then closes what is left. */
export async function finish(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), FINISH_MS);
  await closed;
  clearTimeout(late);
}
