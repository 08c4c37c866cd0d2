import { env, l10n } from 'vscode';
import { replyText, type ErrorFacts, type FtpError, type FtpErrorCode } from '../ftp';
import { dateText, findingWords } from './certificateText';
import { cleanServerText } from './serverText';

/** What a person reads: what happened, why probably, what to do. The same words on every surface. */
export function describeError(error: FtpError, server: string): string {
  return sentences[error.code](toldOf(error, server));
}

/** What a failed write left on the server, where the sentence of the error does not say so itself. */
export function describeEffect(error: FtpError, server: string): string | undefined {
  if (!error.facts.effect || saysItself.has(error.code)) return undefined;
  return effects[error.facts.effect]({ server: cleanServerText(server) });
}

/** The arguments of the sentences: clean text, ready to be put between words of ours. */
interface Told {
  readonly facts: ErrorFacts;
  readonly server: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  /** The last name of the path. */
  readonly name: string;
  readonly command: string;
  readonly seconds: string;
  readonly text: string;
  /** The server said so; otherwise we did not even ask. */
  readonly replied: boolean;
}

function toldOf(error: FtpError, server: string): Told {
  const { facts } = error;
  const path = facts.path ?? '';
  return {
    facts,
    server: cleanServerText(server),
    host: cleanServerText(facts.host ?? server),
    port: String(facts.port ?? '?'),
    path: cleanServerText(path),
    name: cleanServerText(path.slice(path.lastIndexOf('/') + 1)),
    command: cleanServerText(facts.command ?? 'FTP'),
    seconds: facts.seconds === undefined ? '?' : number(facts.seconds),
    text: withoutFullStop(cleanServerText(wordsOf(error))),
    replied: error.reply !== undefined,
  };
}

/** The server's own words; where there are none, the engine's. */
function wordsOf(error: FtpError): string {
  return error.facts.said ?? ((error.reply && replyText(error.reply)) || error.message);
}

type Sentences<Code extends FtpErrorCode> = Record<Code, (told: Told) => string>;

const connection = {
  'host-not-found': ({ host }) =>
    l10n.t('No address is known for {host}. Check the spelling, or your network or VPN.', { host }),
  'host-unreachable': ({ host }) =>
    l10n.t('{host} cannot be reached from this network. A VPN may be missing.', { host }),
  'connection-refused': ({ host, port }) =>
    l10n.t('{host} refuses connections on port {port}. The FTP service may be off, or use another port.', {
      host,
      port,
    }),
  'connection-timed-out': ({ host, port, seconds }) =>
    l10n.t(
      '{host}:{port} did not answer within {seconds} s. A firewall may drop the connection, or the address is wrong.',
      { host, port, seconds },
    ),
  'connection-lost': ({ server, text }) =>
    l10n.t('The connection to {server} broke and could not be restored: {text}.', {
      server,
      text,
    }),
  'reply-timed-out': ({ server, command, seconds }) =>
    l10n.t('{server} did not answer {command} within {seconds} s. It may be busy or gone.', {
      server,
      command,
      seconds,
    }),
  'too-many-connections': ({ server }) =>
    l10n.t(
      '{server} allows no further connection for this user. Close other FTP programs, or wait a minute.',
      { server },
    ),
  'service-closing': ({ server, text }) =>
    l10n.t('{server} is closing its service: “{text}”. Try again later.', { server, text }),
  'not-ftp': (told) => notFtp[told.facts.speaks ?? 'other'](told),
  'protocol-violation': ({ server, text }) =>
    l10n.t('{server} sent something that is not FTP: “{text}”. The connection was replaced.', {
      server,
      text,
    }),
  aborted: () => l10n.t('Stopped.'),
  'session-closed': ({ server }) => l10n.t('The connection to {server} was closed.', { server }),
} satisfies Partial<Sentences<FtpErrorCode>>;

const notFtp: Record<NonNullable<ErrorFacts['speaks']>, (told: Told) => string> = {
  http: ({ host, port }) => l10n.t('{host}:{port} is a web server.', { host, port }),
  ssh: ({ host, port }) => l10n.t('{host}:{port} speaks SSH (use SFTP).', { host, port }),
  silence: ({ host, port }) =>
    l10n.t('{host}:{port} accepts the connection but says nothing; it may expect TLS at once.', {
      host,
      port,
    }),
  other: ({ host, port, text }) =>
    l10n.t('{host}:{port} is not an FTP server: “{text}”.', { host, port, text }),
};

const tls = {
  'tls-unavailable': ({ facts, server }) =>
    facts.hadTls
      ? l10n.t(
          '{server} no longer offers TLS, which it did before. Nothing was sent in clear; somebody may be interfering.',
          { server },
        )
      : l10n.t(
          '{server} offers no TLS, and Portside is set to insist on it. Nothing was sent in clear; to do without TLS, set “security” of this server to none in portside.sites.',
          { server },
        ),
  'tls-handshake-failed': ({ server, text }) =>
    l10n.t(
      '{server} and this computer could not agree on TLS: {text}. Ask its administrator for TLS 1.2 or newer.',
      { server, text },
    ),
  'tls-certificate-untrusted': ({ facts, server }) =>
    facts.certificate
      ? l10n.t('The certificate of {server} is not trusted: {finding}.', {
          server,
          finding: findingWords(facts.certificate),
        })
      : l10n.t('The certificate of {server} is not trusted.', { server }),
  'tls-certificate-changed': ({ facts, server }) =>
    facts.since === undefined
      ? l10n.t(
          'The certificate of {server} has changed. The connection was refused and no password was sent.',
          { server },
        )
      : l10n.t(
          'The certificate of {server} has changed since {date}. The connection was refused and no password was sent.',
          { server, date: dateText(facts.since) },
        ),
  'tls-data-certificate': ({ server }) =>
    l10n.t(
      '{server} showed another certificate on a data connection than before. The transfer was stopped; somebody may be interfering.',
      { server },
    ),
  'tls-injected': () =>
    l10n.t('Unencrypted data arrived while switching to TLS. The connection was dropped as unsafe.'),
  'tls-data-required': ({ server }) =>
    l10n.t(
      '{server} accepts only encrypted data connections, and this server is set to send files in clear. Change its TLS settings.',
      { server },
    ),
  'tls-data-refused': ({ server }) =>
    l10n.t(
      '{server} will not encrypt data connections. Portside sends no file in clear unless this server is set to allow it.',
      { server },
    ),
  'tls-session-not-resumed': ({ server }) =>
    l10n.t('{server} insists that data connections resume the TLS session, and rejected two of them.', {
      server,
    }),
  'tls-client-certificate': ({ server, text }) =>
    l10n.t(
      '{server} asks for a client certificate that it accepts ({text}). Name one under “tls” in portside.sites, or check the one that is there.',
      { server, text },
    ),
} satisfies Partial<Sentences<FtpErrorCode>>;

const login = {
  'login-refused': ({ facts, server, text }) =>
    facts.user === undefined
      ? l10n.t('{server} refused to sign you in: “{text}”. Check user name and password.', { server, text })
      : l10n.t('{server} refused user {user}: “{text}”. Check user name and password.', {
          server,
          user: cleanServerText(facts.user),
          text,
        }),
  'login-cancelled': ({ server }) => l10n.t('You are not signed in to {server}.', { server }),
  'login-account': ({ server }) => l10n.t('{server} also asks for an account.', { server }),
  'password-expired': ({ server }) =>
    l10n.t('Your password on {server} has expired; choose a new one to go on.', { server }),
  'login-needs-tls': ({ server }) =>
    l10n.t('{server} admits only encrypted connections, and this server is set to none.', { server }),
} satisfies Partial<Sentences<FtpErrorCode>>;

const data = {
  'data-no-way': ({ facts, server }) =>
    l10n.t('No data connection to {server} works. Passive: {passive}. Active: {active}.', {
      server,
      passive: causeOf(facts.passive),
      active: causeOf(facts.active),
    }),
  'data-passive-refused': ({ server, text }) =>
    l10n.t('{server} refuses passive mode: “{text}”.', { server, text }),
  'data-passive-unreachable': ({ server, port }) =>
    l10n.t(
      '{server} opened port {port}, but it cannot be reached. A firewall or NAT in front of the server usually lets only port 21 through.',
      { server, port },
    ),
  'data-active-refused': ({ server, text }) =>
    l10n.t('{server} refuses active mode: “{text}”.', { server, text }),
  'data-active-unreachable': ({ facts, server }) =>
    l10n.t(
      '{server} could not connect back to {address}. A firewall or router on this side is the usual cause.',
      { server, address: cleanServerText(facts.address ?? '?') },
    ),
  'data-default-port-failed': ({ server }) =>
    l10n.t('{server} does not serve the default data port.', { server }),
  'data-cut': ({ facts, server }) => dataCut(server, facts),
  'data-stalled': ({ server, seconds }) =>
    l10n.t('{server} sent nothing for {seconds} s.', { server, seconds }),
  'data-unconfirmed': ({ server }) => l10n.t('The data ended, but {server} never confirmed it.', { server }),
} satisfies Partial<Sentences<FtpErrorCode>>;

const files = {
  'not-found': ({ path, server }) => l10n.t('{path} does not exist on {server}.', { path, server }),
  'no-permission': ({ path, server, text }) =>
    l10n.t('{server} does not allow this for {path}: “{text}”.', { path, server, text }),
  exists: ({ path, server }) => l10n.t('{path} already exists on {server}.', { path, server }),
  'is-a-directory': ({ path }) => l10n.t('{path} is a folder.', { path }),
  'not-a-directory': ({ path }) => l10n.t('{path} is not a folder.', { path }),
  'directory-not-empty': ({ path, server, replied }) =>
    !replied
      ? l10n.t('{path} is not empty.', { path })
      : l10n.t('{path} still holds something that {server} does not list, perhaps hidden files.', {
          path,
          server,
        }),
  'name-refused': ({ server, name, text }) =>
    l10n.t('{server} does not accept the name {name}: “{text}”.', { server, name, text }),
  'name-unsendable': ({ facts, name }) =>
    l10n.t('{name} cannot be written in {encoding}, this server’s encoding for names.', {
      name,
      encoding: facts.encoding ?? 'utf-8',
    }),
  'file-changed': ({ path, server }) =>
    l10n.t('{path} changed on {server} while it was being read. Try again.', { path, server }),
  'file-busy': ({ path, server }) =>
    l10n.t('{path} is in use on {server}. Try again in a moment.', { path, server }),
  'server-error': ({ server, text }) => l10n.t('{server} failed inside: “{text}”.', { server, text }),
  'not-supported': ({ server, command, text }) =>
    l10n.t('{server} cannot do this ({command}: “{text}”).', { server, command, text }),
  'too-large': ({ facts, name }) =>
    l10n.t('{name} has {size}; the editor opens up to {limit}. Queue a download instead.', {
      name,
      size: size(facts.total ?? 0),
      limit: size(facts.bytes ?? 0),
    }),
  'listing-unknown': ({ server }) =>
    l10n.t(
      '{server} lists files in a format Portside does not know. Names are shown; sizes and dates are missing.',
      { server },
    ),
} satisfies Partial<Sentences<FtpErrorCode>>;

const saving = {
  'no-space': ({ facts, server }) => noSpace(server, facts),
  'save-unverified': ({ facts, server }) =>
    l10n.t(
      'Only {bytes} of {total} bytes arrived on {server}. The old version is still in place; your text is in the editor.',
      { bytes: number(facts.bytes ?? 0), total: number(facts.total ?? 0), server },
    ),
  'save-fate-unknown': ({ name, server }) =>
    l10n.t(
      '{name} may not be saved: the connection to {server} broke at the last step. A rescue copy is kept.',
      { name, server },
    ),
  'copy-failed': ({ facts, server, name, text }) =>
    copyFailed(cleanServerText(facts.side ?? server), name, text, facts),
} satisfies Partial<Sentences<FtpErrorCode>>;

const sentences: Sentences<FtpErrorCode> = { ...connection, ...login, ...tls, ...data, ...files, ...saving };

const saysItself: ReadonlySet<FtpErrorCode> = new Set([
  'no-space',
  'save-unverified',
  'save-fate-unknown',
  'copy-failed',
]);

const effects: Record<NonNullable<ErrorFacts['effect']>, (told: { server: string }) => string> = {
  unchanged: (told) => l10n.t('Nothing on {server} was changed.', told),
  changed: (told) => l10n.t('What is on {server} now may be cut off.', told),
  unknown: (told) => l10n.t('It is not known whether anything on {server} was changed.', told),
};

function noSpace(server: string, facts: ErrorFacts): string {
  const user = cleanServerText(facts.user ?? l10n.t('this user'));
  if (facts.effect === 'changed' || facts.effect === 'unknown') {
    return l10n.t(
      'No space left for {user} on {server} (quota or disk). The file there may be cut off; your text is in the editor.',
      { user, server },
    );
  }
  return l10n.t('No space left for {user} on {server} (quota or disk). The old content is untouched.', {
    user,
    server,
  });
}

function copyFailed(side: string, name: string, words: string, facts: ErrorFacts): string {
  const told = { side, name, text: withoutFullStop(words) };
  return facts.effect === 'unchanged'
    ? l10n.t('{side} broke off: “{text}”. Nothing was left under the name {name}.', told)
    : l10n.t('{side} broke off: “{text}”. What is there as {name} may be cut off.', told);
}

function dataCut(server: string, facts: ErrorFacts): string {
  if (facts.bytes === undefined) return l10n.t('The data connection to {server} broke.', { server });
  if (facts.total === undefined) {
    return l10n.t('The data connection to {server} broke after {bytes}.', {
      server,
      bytes: size(facts.bytes),
    });
  }
  const { divisor, unit } = unitFor(facts.total);
  return l10n.t('The data connection to {server} broke after {bytes} of {total} {unit}.', {
    server,
    bytes: number(facts.bytes / divisor),
    total: number(facts.total / divisor),
    unit,
  });
}

function causeOf(cause: string | undefined): string {
  return cause === undefined ? l10n.t('not tried') : withoutFullStop(cleanServerText(cause));
}

/** The sentence around it brings its own. */
function withoutFullStop(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

function size(bytes: number): string {
  const { divisor, unit } = unitFor(bytes);
  return `${number(bytes / divisor)} ${unit}`;
}

function unitFor(bytes: number): { divisor: number; unit: string } {
  if (bytes < 1000) return { divisor: 1, unit: 'B' };
  if (bytes < 1e6) return { divisor: 1e3, unit: 'kB' };
  if (bytes < 1e9) return { divisor: 1e6, unit: 'MB' };
  return { divisor: 1e9, unit: 'GB' };
}

function number(value: number): string {
  return new Intl.NumberFormat(env.language, { maximumFractionDigits: 1 }).format(value);
}
