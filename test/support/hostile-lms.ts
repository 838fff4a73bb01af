import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Received = {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
};
type Answer = (req: IncomingMessage, res: ServerResponse) => void;

/** An LMS that registers tools, or does to them whatever a test wants. */
export type HostileLms = {
  readonly url: string;
  readonly configurationUrl: string;
  /** The configuration of a well-behaved LMS. */
  readonly configuration: () => Record<string, unknown>;
  /** What each address does; a test replaces them. */
  on: { configuration: Answer; registration: Answer };
  readonly received: Received[];
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

export async function startHostileLms(): Promise<HostileLms> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer(async (req, res) => {
    received.push({
      url: req.url ?? '',
      authorization: req.headers.authorization,
      body: await text(req),
    });
    if (req.url?.startsWith('/registrations')) lms.on.registration(req, res);
    else lms.on.configuration(req, res);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const configuration = () => ({
    issuer: url,
    authorization_endpoint: `${url}/auth`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    registration_endpoint: `${url}/registrations`,
  });
  const lms: HostileLms = {
    url,
    configurationUrl: `${url}/openid-configuration?token=once`,
    configuration,
    on: {
      configuration: (_req, res) => json(res, configuration()),
      registration: (_req, res) => json(res, { client_id: 'client-9' }, 201),
    },
    received,
    connections: () => connections,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return lms;
}

export function json(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
