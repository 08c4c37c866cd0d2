/** Where a data connection goes. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `h1,h2,h3,h4,p1,p2` (RFC 959 §4.1.2, PORT). */
export function parseHostPort(text: string): Address | undefined {
  const fields = text.split(',').map(parseByte);
  if (fields.length !== 6 || fields.includes(undefined)) return undefined;
  const port = (fields[4] ?? 0) * 256 + (fields[5] ?? 0);
  return port === 0 ? undefined : { host: fields.slice(0, 4).join('.'), port };
}

export function formatHostPort({ host, port }: Address): string {
  return `${plainHost(host).replaceAll('.', ',')},${port >> 8},${port & 255}`;
}

/** `|1|132.235.1.2|6275|` or `|2|1080::8:800:200C:417A|5282|` (RFC 2428 §2); any delimiter. */
export function parseExtended(text: string): (Address & { family: string }) | undefined {
  const delimiter = text.charAt(0);
  const [before, family, host, portText, after, ...rest] = text.split(delimiter);
  if (before !== '' || after !== '' || rest.length > 0) return undefined;
  if (family === undefined || host === undefined || portText === undefined) return undefined;
  const port = parseNumber(portText);
  return port === undefined || port < 1 || port > 65535 ? undefined : { family, host, port };
}

/** `10.0.0.2 5001`: the argument of SOCK. */
export function parseSocket(text: string): Address | undefined {
  const [host = '', portText = '', ...rest] = text.split(' ');
  const port = parseNumber(portText);
  const isAddress = /^[0-9a-f.:]+$/i.test(host) && rest.length === 0;
  return !isAddress || port === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

/** `::ffff:127.0.0.1` is `127.0.0.1` on a socket for both families. */
export function plainHost(host: string): string {
  return host.toLowerCase().startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host;
}

export function parseNumber(text: string): number | undefined {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function parseByte(text: string): number | undefined {
  const value = parseNumber(text);
  return value !== undefined && value < 256 ? value : undefined;
}
