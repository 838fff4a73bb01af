import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** The board's egress proxy for the services of an LMS, or null without one. This machine is reached directly. */
export function createEgress(proxy: string | null): Dispatcher | null {
  if (proxy === null) return null;
  return new EnvHttpProxyAgent({ httpProxy: proxy, httpsProxy: proxy, noProxy: 'localhost,127.0.0.1,[::1]' });
}
