import { isIPv6 } from 'node:net';
import type { Endpoint } from './network';

/** `::ffff:192.0.2.1` → `192.0.2.1`: a socket that listens on `::` sees IPv4 peers so (RFC 4291 §2.5.5.2). */
const mappedPrefix = '::ffff:';

export function nodeEndpoint(address: string, port: number): Endpoint {
  const host = isMapped(address) ? address.slice(mappedPrefix.length) : address;
  return { host, port, family: isIPv6(host) ? 6 : 4 };
}

/** In host:port form, for messages. */
export function endpointText({ host, port, family }: Endpoint): string {
  return family === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

function isMapped(address: string): boolean {
  return address.toLowerCase().startsWith(mappedPrefix) && address.includes('.');
}
