import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type SigningKey = { readonly kid: string; readonly privateKey: JsonWebKey };

export type BenchPlatform = {
  readonly url: string;
  readonly key: () => SigningKey;
  /** How long a question for the key set travels. */
  hopMs: number;
  readonly keySetRequests: () => number;
  /** A new key signs from now on and is the only one published, as Brightspace does by the hour. */
  readonly rotate: () => void;
  readonly close: () => Promise<void>;
};

/** The platform's key set on an address of its own; nobody may cache it, as Brightspace says of its. Tokens are signed by the load. */
export async function startBenchPlatform(): Promise<BenchPlatform> {
  let requests = 0;
  let keys = newKey(1);
  const server = createServer(async (_request, response) => {
    requests += 1;
    if (platform.hopMs > 0) await sleep(platform.hopMs);
    response.setHeader('content-type', 'application/json').setHeader('cache-control', 'no-cache, no-store');
    response.end(JSON.stringify({ keys: [keys.publicKey] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const platform: BenchPlatform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: () => keys.signing,
    hopMs: 0,
    keySetRequests: () => requests,
    rotate: () => {
      keys = newKey(Number(keys.signing.kid.slice(4)) + 1);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return platform;
}

function newKey(number: number): { readonly signing: SigningKey; readonly publicKey: object } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = `key-${number}`;
  return {
    signing: { kid, privateKey: pair.privateKey.export({ format: 'jwk' }) },
    publicKey: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig' },
  };
}
