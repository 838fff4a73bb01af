const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether the tool may send a browser or a request to this address of a platform: https (LTI Core §3), and outside
 * production also http on this machine.
 */
export function isPlatformEndpoint(address: string, production: boolean): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (!production && url.protocol === 'http:' && isLoopback(address));
}

/** Whether the address names this machine. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.has(URL.parse(address)?.hostname ?? '');
}
