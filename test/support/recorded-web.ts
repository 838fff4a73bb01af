import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

const FOLDER = join(import.meta.dirname, 'recorded-web');

export type Recorded = {
  readonly status?: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

export type RecordedWeb = {
  /** `http://127.0.0.1:port`, for SHSM_OUTBOUND_PROXY. */
  readonly proxy: string;
  /** Every request line the proxy saw: `CONNECT example.org:443`, `GET http://example.org/x`, `GET https://example.org/x`. */
  readonly requests: string[];
  readonly put: (url: string, page: Recorded | object) => void;
  readonly close: () => Promise<void>;
};

/**
 * An egress proxy that answers from memory, over http in absolute form and over https through CONNECT with a certificate
 * of a test authority (what NODE_EXTRA_CA_CERTS does for a process is done here for this one). Addresses that are not
 * recorded do not answer.
 */
export async function startRecordedWeb(): Promise<RecordedWeb> {
  trustTestAuthority();
  const pages = new Map<string, Recorded>();
  const requests: string[] = [];
  const answer = (url: string, request: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${request.method} ${url}`);
    const page = pages.get(url);
    if (page === undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(page.status ?? 200, {
      'content-type': page.contentType ?? 'application/json',
      ...page.headers,
    });
    response.end(page.body);
  };
  const inside = createTlsServer(
    { cert: readFileSync(join(FOLDER, 'cert.pem')), key: readFileSync(join(FOLDER, 'key.pem')) },
    (request, response) => answer(`https://${request.headers.host}${request.url}`, request, response),
  );
  inside.listen(0, '127.0.0.1');
  await once(inside, 'listening');
  const proxy = createServer((request, response) => answer(request.url ?? '', request, response));
  proxy.on('connect', (request: IncomingMessage, client: Duplex) => {
    requests.push(`CONNECT ${request.url}`);
    const upstream = connect((inside.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');

  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    requests,
    put: (url, page) => {
      pages.set(url, isRecorded(page) ? page : { body: JSON.stringify(page) });
    },
    close: async () => {
      for (const server of [proxy, inside]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

/** Where the test authority's certificate is, for a child process's NODE_EXTRA_CA_CERTS. */
export const TEST_AUTHORITY = join(FOLDER, 'ca.pem');

function isRecorded(page: object): page is Recorded {
  return 'body' in page;
}

function trustTestAuthority(): void {
  const authority = readFileSync(TEST_AUTHORITY, 'utf8');
  const trusted = tls.getCACertificates('default');
  if (!trusted.includes(authority)) tls.setDefaultCACertificates([...trusted, authority]);
}
