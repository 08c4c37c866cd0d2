import { FtpError, LocalProtocolError } from './errors';
import type { Reply } from './reply';

/**
 * Host and port of a reply to PASV (RFC 959 §4.1.2, RFC 1123 §4.1.2.6: scan for the digits, nothing else about the
 * text is certain). The host is what the server says, which need not be true. Rejects a reply without exactly
 * six numbers as 'data-passive-refused': this way fails, the session goes on.
 */
export function parsePasvReply(reply: Reply): { host: string; port: number } {
  // 227 Entering Passive Mode (192,168,1,100,10,229).
  const numbers = firstFound(reply, sixNumbers);
  if (!numbers) throw refusedPassive(reply);
  const [high = 0, low = 0] = numbers.slice(4);
  if (high + low === 0) throw refusedPassive(reply);
  return { host: numbers.slice(0, 4).join('.'), port: high * 256 + low };
}

/** Port of a reply to EPSV (RFC 2428 §3). Rejects like `parsePasvReply`. */
export function parseEpsvReply(reply: Reply): number {
  // 229 Entering Extended Passive Mode (|||6446|)
  const port = firstFound(reply, portBetweenDelimiters);
  if (port === undefined) throw refusedPassive(reply);
  return port;
}

/** The argument of PORT, for an IPv4 address in decimal. */
export function formatPort(host: string, port: number): string {
  const numbers = host.split('.', 5);
  if (numbers.length !== 4 || !numbers.every(isOctet)) {
    throw new LocalProtocolError('PORT can only announce an IPv4 address.', { facts: { address: host } });
  }
  requirePort(port);
  return [...numbers.map(Number), Math.floor(port / 256), port % 256].join(',');
}

/** The argument of EPRT (RFC 2428 §2). The zone of a link-local address stays here. */
export function formatEprt(host: string, port: number, family: 4 | 6): string {
  requirePort(port);
  const [address = ''] = host.split('%', 1);
  if (address === '' || address.includes('|')) {
    throw new LocalProtocolError('EPRT cannot announce this address.', { facts: { address: host } });
  }
  return `|${family === 4 ? 1 : 2}|${address}|${port}|`;
}

function refusedPassive(reply: Reply): FtpError {
  const message = 'The server did not say where it listens.';
  return new FtpError('data-passive-refused', message, { reply });
}

/** The text begins after the code, whose digits are none of ours. */
function firstFound<T>(reply: Reply, find: (text: string) => T | undefined): T | undefined {
  for (const line of reply.lines) {
    const found = find(line.slice(3));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first run of numbers with commas between, if there are six of them, each at most 255. */
function sixNumbers(text: string): number[] | undefined {
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text[i])) continue;
    const { numbers, end } = runOfNumbers(text, i);
    // A number alone is none, as in `Passive mode 1 (192,…)`.
    if (numbers.length > 1) return isHostPort(numbers) ? numbers : undefined;
    i = end;
  }
  return undefined;
}

/** A comma that no number follows makes it a run with NaN. */
function runOfNumbers(text: string, start: number): { numbers: number[]; end: number } {
  const numbers: number[] = [];
  for (let i = start; ; i = afterComma(text, i)) {
    const end = endOfDigits(text, i);
    numbers.push(end === i ? NaN : numberAt(text, i, end));
    i = end;
    if (text[i] !== ',') return { numbers, end };
  }
}

/** Where the next number begins; some servers write a blank after the comma. */
function afterComma(text: string, comma: number): number {
  let i = comma + 1;
  while (text[i] === ' ') i += 1;
  return i;
}

function isHostPort(numbers: number[]): boolean {
  return numbers.length === 6 && numbers.every((number) => number <= 255);
}

/** Any character may be the delimiter; IBM i takes `!`. */
function portBetweenDelimiters(text: string): number | undefined {
  for (let i = 0; i + 4 < text.length; i++) {
    const delimiter = text[i] ?? '';
    if (!isDelimiter(delimiter) || text[i + 1] !== delimiter || text[i + 2] !== delimiter) continue;
    const end = endOfDigits(text, i + 3);
    const port = numberAt(text, i + 3, end);
    if (text[end] === delimiter && isPort(port)) return port;
  }
  return undefined;
}

/** RFC 2428 §2: ASCII 33 to 126. A digit could not be told from the port. */
function isDelimiter(character: string): boolean {
  return character >= '!' && character <= '~' && !isDigit(character);
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text[end])) end += 1;
  return end;
}

/** More digits than a port has make Infinity, which is no number of ours. */
function numberAt(text: string, start: number, end: number): number {
  return end - start > 5 ? Infinity : Number(text.slice(start, end));
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

function requirePort(port: number): void {
  if (!isPort(port)) throw new LocalProtocolError('There is no such port.', { facts: { port } });
}

function isOctet(text: string): boolean {
  return text !== '' && text.length <= 3 && endOfDigits(text, 0) === text.length && Number(text) <= 255;
}
