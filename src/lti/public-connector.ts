import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** The address belongs to this machine or to the network around it. */
export class PrivateAddress extends Error {
  readonly code = 'private-address';
}

/**
 * Connects to public unicast addresses only. Judged where the connection is made: for literals, which no look-up sees, for
 * every address of a name, and again on the connected socket, so that no second answer of the DNS can be swapped in.
 */
export function createPublicConnector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup: lookupPublic,
  } as buildConnector.BuildOptions);
  return (target, done) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublic(host)) return done(new PrivateAddress(), null);
    connect(target, (error, socket) => {
      if (error !== null) return done(error, null);
      if (isPublic(socket.remoteAddress ?? '')) return done(null, socket);
      socket.destroy();
      done(new PrivateAddress(), null);
    });
  };
}

/** Whether an address literal is globally reachable; IPv4 inside IPv6 is looked at as IPv4, tunnels are refused. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

const lookupPublic: LookupFunction = (hostname, options, done) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '', 0);
    const [first] = found;
    if (first === undefined || !found.every((entry) => isPublic(entry.address)))
      return done(new PrivateAddress(), '', 0);
    if (options.all === true) return done(null, found);
    done(null, first.address, first.family);
  });
};
