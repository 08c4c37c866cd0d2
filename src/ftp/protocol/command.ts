import { LocalProtocolError } from './errors';

/** A command before it is encoded. The argument is encoded in the session's file-name encoding. */
export interface Command {
  readonly verb: string;
  readonly argument?: string;
  /** The argument is a secret: it is shown as six asterisks and never quoted in an error. */
  readonly secret?: boolean;
}

/** A command as it goes out, and as it may be shown. */
export interface EncodedCommand {
  /** With its CR LF. */
  readonly bytes: Uint8Array;
  /** Without line end; a secret argument is six asterisks. */
  readonly shown: string;
}

/**
 * The one exit for commands (RFC 959 §5.3: `VERB [SP argument] CRLF`). Nothing that could smuggle in a second
 * command passes: CR, LF and NUL are a `LocalProtocolError`, in the text and again in its encoded form, for an
 * encoding may turn a harmless character into one of them. The error never quotes the argument.
 */
export function encodeCommand(command: Command, encode: (text: string) => Uint8Array): EncodedCommand {
  const { verb, argument } = command;
  if (!isVerb(verb)) throw new LocalProtocolError('The verb is not a word of printable ASCII characters.');
  const encoded = argument === undefined ? undefined : encodeArgument(verb, argument, encode);
  const blankAndArgument = encoded === undefined ? 0 : 1 + encoded.length;
  const bytes = new Uint8Array(verb.length + blankAndArgument + 2);
  for (let i = 0; i < verb.length; i++) bytes[i] = verb.charCodeAt(i);
  if (encoded !== undefined) {
    bytes[verb.length] = blank;
    bytes.set(encoded, verb.length + 1);
  }
  bytes.set([carriageReturn, lineFeed], bytes.length - 2);
  return { bytes, shown: shownLine(command) };
}

/** Reads a line that a person typed: `SITE CHMOD 644 a` is verb `SITE` and argument `CHMOD 644 a`. */
export function parseCommandLine(line: string): Command {
  let start = 0;
  while (line[start] === ' ') start += 1;
  const end = line.indexOf(' ', start);
  if (end < 0) return { verb: line.slice(start).toUpperCase() };
  const verb = line.slice(start, end).toUpperCase();
  const argument = line.slice(end + 1);
  return holdsSecret(verb, argument) ? { verb, argument, secret: true } : { verb, argument };
}

const carriageReturn = 13;
const lineFeed = 10;
const blank = 32;
const mask = '******';

function isVerb(verb: string): boolean {
  for (let i = 0; i < verb.length; i++) {
    const code = verb.charCodeAt(i);
    if (code <= blank || code > 126) return false;
  }
  return verb.length > 0;
}

function encodeArgument(verb: string, argument: string, encode: (text: string) => Uint8Array): Uint8Array {
  for (let i = 0; i < argument.length; i++) refuseLineEnd(verb, argument.charCodeAt(i));
  const encoded = encode(argument);
  for (const byte of encoded) refuseLineEnd(verb, byte);
  return encoded;
}

function refuseLineEnd(verb: string, code: number): void {
  if (code !== carriageReturn && code !== lineFeed && code !== 0) return;
  throw new LocalProtocolError(`The argument of ${verb} holds a line end or NUL, which cannot be sent.`, {
    facts: { command: verb },
  });
}

function shownLine({ verb, argument, secret }: Command): string {
  if (argument === undefined) return verb;
  return `${verb} ${secret || holdsSecret(verb, argument) ? mask : argument}`;
}

/** PASS and ACCT, and the `SITE PSWD old new` of servers that let a user change the password. */
function holdsSecret(verb: string, argument: string): boolean {
  const upper = verb.toUpperCase();
  if (upper === 'PASS' || upper === 'ACCT') return true;
  return upper === 'SITE' && argument.trimStart().toUpperCase().startsWith('PSWD');
}
