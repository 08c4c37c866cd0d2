import { isIpv6 } from './ipv6';

/** Who is signed in to which server. Host in lower case, IPv6 without brackets; no user: anonymous. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
}

/** What a person typed or pasted, taken apart. */
export interface FtpUrl extends ServerAddress {
  /** As written; a bare host counts as 'ftp'. */
  readonly scheme: 'ftp' | 'ftps' | 'ftpes';
  readonly password?: string;
  /** Absolute, decoded, without a slash at the end; absent when none was written. */
  readonly path?: string;
}

/** A value, or the sentence that says why there is none. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** Reads `ftp://user:password@host:port/path`, its TLS variants, or the same without the scheme. */
export function parseFtpUrl(text: string): Parsed<FtpUrl> {
  const trimmed = text.trim();
  if (trimmed === '') return { fault: faults.empty };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && !isFtpScheme(scheme)) return { fault: otherScheme(scheme, trimmed) };
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + '://'.length);
  // Only a slash ends the authority: people paste passwords with `#` and `?` in them.
  const slash = rest.indexOf('/');
  const authority = splitAuthority(
    slash < 0 ? rest : rest.slice(0, slash),
    scheme === 'ftps' ? implicitPort : defaultPort,
  );
  if ('fault' in authority) return authority;
  const path =
    slash < 0 ? {} : { path: absolutePath(decode(rest.slice(slash)).replace(/;type=[aid]$/i, '')) };
  const url = { scheme: scheme ?? 'ftp', ...authority.value, ...path } as const;
  const hasControl = [url.user, url.password, path.path].some((part) => part && controlCharacter.test(part));
  return hasControl ? { fault: faults.control } : { value: url };
}

/** Reads the authority of an `ftp:` Uri, however VS Code has encoded or decoded it on the way. */
export function parseAuthority(authority: string): ServerAddress | undefined {
  const parsed = splitAuthority(authority, defaultPort);
  if ('fault' in parsed) return undefined;
  const { host, port, user } = parsed.value;
  if (user === undefined) return { host, port };
  return controlCharacter.test(user) ? undefined : { host, port, user };
}

/** The one spelling of an address: `user@host:port`, port 21 left out, the user percent-encoded. */
export function authorityOf({ host, port, user }: ServerAddress): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  // An `@` in a user name, usual on shared hosting, must not look like the end of it.
  const prefix = user === undefined ? '' : `${encodeUser(user)}@`;
  return prefix + bracketed + (port === defaultPort ? '' : `:${port}`);
}

/** `user@host:port` with nothing left out: the key under which passwords and profiles are kept. */
export function addressKey({ host, port, user }: ServerAddress): string {
  return `${encodeUser(user ?? anonymous)}@${hostKey({ host, port })}`;
}

export function hostKey({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

/** One leading slash, no empty, `.` or `..` segment, no slash at the end. */
export function absolutePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** Host, optional port; the host in lower case and without brackets. */
export function parseHostPort(text: string, portIfAbsent: number): Parsed<{ host: string; port: number }> {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return hostAndPort(bracketed[1] ?? '', bracketed[2], portIfAbsent, true);
  const colons = text.split(':').length - 1;
  if (colons > 1) {
    return isIpv6(text) ? hostAndPort(text, undefined, portIfAbsent, true) : { fault: faults.ipv6 };
  }
  const [host = '', port] = text.split(':');
  return hostAndPort(host, port, portIfAbsent, false);
}

export const defaultPort = 21;
/** Where servers begin with TLS. */
export const implicitPort = 990;

const anonymous = 'anonymous';

/** Controls and line separators end a command line; half a surrogate pair has no bytes in any encoding. */
const controlCharacter = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

const faults = {
  empty: 'Enter a host name, an address or an FTP URL.',
  ssh: 'sftp:// is file transfer over SSH. Portside speaks ftp://, ftps:// and ftpes://.',
  port: 'The port must be a number from 1 to 65535.',
  ipv6: 'Write an IPv6 address with a port as [2001:db8::1]:2121.',
  control: 'The address contains a character that cannot be sent.',
} as const;

function isFtpScheme(scheme: string): scheme is FtpUrl['scheme'] {
  return scheme === 'ftp' || scheme === 'ftps' || scheme === 'ftpes';
}

function otherScheme(scheme: string, text: string): string {
  if (scheme === 'sftp' || scheme === 'ssh' || scheme === 'scp') return faults.ssh;
  if (scheme !== 'http' && scheme !== 'https') return faults.empty;
  const host = /^[^/]*\/\/(?:www\.)?([^/:?#]*)/i.exec(text)?.[1] ?? '';
  return `This is a web address. Enter the FTP host, often ftp.${host}.`;
}

function splitAuthority(
  authority: string,
  portIfAbsent: number,
): Parsed<ServerAddress & { readonly password?: string }> {
  // The last `@`: VS Code hands over user names decoded when a person wrote the URI by hand.
  const at = authority.lastIndexOf('@');
  const place = parseHostPort(authority.slice(at + 1), portIfAbsent);
  if ('fault' in place || at < 0) return place;
  const colon = authority.slice(0, at).indexOf(':');
  const user = decode(authority.slice(0, colon < 0 ? at : colon));
  if (user === '' || user === anonymous) return place;
  const password = colon < 0 ? '' : decode(authority.slice(colon + 1, at));
  return { value: { ...place.value, user, ...(password === '' ? {} : { password }) } };
}

function hostAndPort(
  host: string,
  port: string | undefined,
  portIfAbsent: number,
  isAddress: boolean,
): Parsed<{ host: string; port: number }> {
  if (controlCharacter.test(host)) return { fault: faults.control };
  if (host === '') return { fault: faults.empty };
  if (isAddress ? !isIpv6(host) : notInHostName.test(host)) {
    return { fault: isAddress ? faults.ipv6 : faults.empty };
  }
  const number = port === undefined || port === '' ? portIfAbsent : portNumber(port);
  return number === undefined
    ? { fault: faults.port }
    : { value: { host: host.toLowerCase(), port: number } };
}

/** Separators of a URI, and what no host name holds. Letters outside ASCII are for the resolver to judge. */
const notInHostName = /[\s/?#@%[\]\\<>"^`{|}]/;

function portNumber(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** Percent-decoded; literally what was written where that is no percent-encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function encodeUser(user: string): string {
  // RFC 3986 §2.2 sub-delims that encodeURIComponent leaves alone, encoded too: one spelling only.
  return encodeURIComponent(user).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
