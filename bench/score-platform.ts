import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from './child.ts';

/**
 * The score services of so many LMSs, in a process of their own: a token, and scores as strict about the order of timestamps
 * as AGS 2.0 §3.4.9. Each LMS takes `perSecond` scores in a second (a bucket that holds a second's worth) and answers the others
 * with 429 and Retry-After; the first `hanging` ones never answer at all.
 */
export type ScorePlatformOptions = {
  readonly platforms: number;
  readonly perSecond: number | null;
  readonly latencyMs: number;
  readonly hanging: number;
};

export type PlatformReport = {
  accepted: number;
  refused: number;
  outOfOrder: number;
  firstAt: number;
  lastAt: number;
};

const options = JSON.parse(process.argv[2] ?? '{}') as ScorePlatformOptions;
const holds = options.perSecond ?? 0;

const platforms = Array.from({ length: options.platforms }, () => ({
  report: { accepted: 0, refused: 0, outOfOrder: 0, firstAt: 0, lastAt: 0 } satisfies PlatformReport,
  newest: new Map<string, number>(),
  level: holds,
  filledAt: Date.now(),
}));
type Platform = (typeof platforms)[number];

function isAllowed(platform: Platform): boolean {
  if (options.perSecond === null) return true;
  const now = Date.now();
  platform.level = Math.min(holds, platform.level + ((now - platform.filledAt) * options.perSecond) / 1000);
  platform.filledAt = now;
  if (platform.level < 1) return false;
  platform.level -= 1;
  return true;
}

function take(platform: Platform, body: string): void {
  const { userId, timestamp } = JSON.parse(body) as { userId: string; timestamp: string };
  const at = Date.parse(timestamp);
  if ((platform.newest.get(userId) ?? 0) >= at) platform.report.outOfOrder += 1;
  platform.newest.set(userId, at);
  platform.report.accepted += 1;
  platform.report.lastAt = Date.now();
  platform.report.firstAt ||= platform.report.lastAt;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , number = '', service = ''] = (request.url ?? '').split('/');
  const platform = platforms[Number(number)];
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (platform === undefined) return void response.writeHead(404).end();
  if (Number(number) < options.hanging) return;
  if (options.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
  response.setHeader('content-type', 'application/json');
  if (service === 'token')
    return void response.end(JSON.stringify({ access_token: `token-${number}`, expires_in: 3600 }));
  if (request.headers.authorization !== `Bearer token-${number}`) return void response.writeHead(401).end();
  // Whoever looks at results sees none.
  if (request.method !== 'POST') return void response.end('[]');
  if (!isAllowed(platform)) {
    platform.report.refused += 1;
    return void response.writeHead(429, { 'retry-after': '1' }).end();
  }
  take(platform, body);
  response.end('{}');
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
serveParent({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, () =>
  platforms.map((platform) => platform.report),
);
