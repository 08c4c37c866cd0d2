import { l10n } from 'vscode';
import { cleanServerText } from '../sites/serverText';
import type { FtpErrorCode, OperationName } from '../ftp/index';
import type { ServerStanding } from '../sites/serverConnection';
import { percentText, sizeText } from './amounts';
import { fileNameOf } from './savedPath';
import type { Finished, RunningOperation, RunningTransfer, ServerActivity } from './serverActivity';

/** What the status bar says, without its tooltip. */
export interface MonitorRow {
  /** A codicon, such as `sync~spin`. */
  readonly icon: string;
  readonly text: string;
  readonly background?: 'error' | 'warning';
  /** A working row comes late and stays a little, so that nothing flickers. */
  readonly isWork?: boolean;
  /** Who is to be signed in to when it is clicked. */
  readonly signIn?: string;
  readonly click?: 'log';
}

/** Everything that a row may depend on. */
export interface MonitorScene {
  readonly now: number;
  readonly servers: readonly ServerActivity[];
  readonly standings: readonly ServerStanding[];
  /** Names of the servers that are folders of this window. */
  readonly folders: readonly string[];
  /** Whether this file is open in an editor with text that is not on the server. */
  readonly isUnsaved: (server: string, path: string) => boolean;
}

/** The first that matches is shown; undefined: nothing of ours is in use. */
export function monitorRow(scene: MonitorScene): MonitorRow | undefined {
  for (const row of rows) {
    const found = row(scene);
    if (found) return found;
  }
  return undefined;
}

/** Milliseconds. */
export const shownAfter = 400;
export const stalledAfter = 5000;
export const toldFor = 5000;

type Row = (scene: MonitorScene) => MonitorRow | undefined;

const rows: readonly Row[] = [
  notSaved,
  needsPerson,
  cannotConnect,
  serverToServer,
  transfers,
  shortWork,
  connecting,
  justDone,
  idle,
  notConnected,
];

function notSaved({ servers, isUnsaved }: MonitorScene): MonitorRow | undefined {
  for (const server of servers) {
    for (const path of server.unsaved) {
      if (!isUnsaved(server.name, path)) continue;
      const text = l10n.t('Not saved: {file}', { file: clean(fileNameOf(path)) });
      return { icon: 'error', text, background: 'error', click: 'log' };
    }
  }
  return undefined;
}

function needsPerson({ standings, folders }: MonitorScene): MonitorRow | undefined {
  const asking = standings.filter(
    ({ state, name }) => state === 'asking' || (state === 'waiting' && folders.includes(name)),
  );
  const [first] = asking;
  if (!first) return undefined;
  const background = 'warning';
  if (asking.length > 1) {
    const text = l10n.t('{count} questions', { count: asking.length });
    return { icon: 'question', text, background, signIn: first.authority };
  }
  const server = clean(first.name);
  return first.about === 'certificate'
    ? {
        icon: 'shield',
        text: l10n.t('Certificate of {server}', { server }),
        background,
        signIn: first.authority,
      }
    : { icon: 'key', text: l10n.t('Sign in to {server}', { server }), background, signIn: first.authority };
}

/** Of folders alone: an address that was tried in vain is forgotten once its notification is. */
function cannotConnect({ servers, standings, folders }: MonitorScene): MonitorRow | undefined {
  const failures = [
    ...standings
      .filter(({ state }) => state === 'failed')
      .map(({ name, error }) => ({ name, code: error?.code })),
    // Its session stands, but the connection broke and could not be made again.
    ...servers
      .filter(({ phase }) => phase === 'failed')
      .map(({ name, failure }) => ({ name, code: failure })),
  ];
  const failed = failures.find(({ name, code }) => folders.includes(name) && !isPersonsDoing(code));
  if (!failed) return undefined;
  const text = failureText(failed.code, clean(failed.name));
  return { icon: 'warning', text, background: 'warning', click: 'log' };
}

function isPersonsDoing(code: FtpErrorCode | undefined): boolean {
  return code !== undefined && personsDoing.has(code);
}

const personsDoing: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'aborted',
  'login-refused',
  'login-cancelled',
  'tls-certificate-untrusted',
  'tls-certificate-changed',
]);

function failureText(code: FtpErrorCode | undefined, server: string): string {
  switch (code) {
    case 'host-not-found':
      return l10n.t('{server} has no address', { server });
    case 'connection-refused':
      return l10n.t('{server} refuses connections', { server });
    case 'too-many-connections':
      return l10n.t('{server} is full', { server });
    case 'not-ftp':
      return l10n.t('{server} is no FTP server', { server });
    case 'login-needs-tls':
    case 'tls-data-required':
      return l10n.t('{server} wants TLS', { server });
    case 'tls-unavailable':
      return l10n.t('{server} offers no TLS', { server });
    case 'tls-handshake-failed':
    case 'tls-injected':
    case 'tls-data-refused':
    case 'tls-data-certificate':
    case 'tls-session-not-resumed':
      return l10n.t('No TLS with {server}', { server });
    case 'tls-client-certificate':
      return l10n.t('{server} wants a client certificate', { server });
    default:
      return l10n.t('{server} does not answer', { server });
  }
}

/** Of bytes that pass through this computer both servers tell, of others neither. */
function serverToServer(scene: MonitorScene): MonitorRow | undefined {
  const copies = shownOperations(scene).filter(({ operation }) => operation.peer !== undefined);
  if (copies.length === 0) return undefined;
  const share = copies
    .map(({ operation: { transfer } }) => transfer && percentOf([transfer]))
    .find((percent) => percent !== undefined);
  const text = share ? l10n.t('Server to server {percent}', { percent: share }) : l10n.t('Server to server');
  return { icon: 'arrow-swap', text, isWork: true };
}

function transfers(scene: MonitorScene): MonitorRow | undefined {
  const running = shownOperations(scene).flatMap(({ server, operation }) =>
    operation.transfer ? [{ server, transfer: operation.transfer }] : [],
  );
  const [first] = running;
  if (!first) return undefined;
  const all = running.map(({ transfer }) => transfer);
  const icon = iconOf(all);
  const stalled = all.every((transfer) => scene.now - transfer.rate.movedAt >= stalledAfter);
  if (stalled) return { icon, text: stalledText(first.server.name, all), isWork: true };
  const parts =
    all.length === 1 ? [transferText(first.transfer), rateText(all)] : [amountText(all), rateText(all)];
  if (all.length > 1) parts.push(l10n.t('{count} left', { count: all.length }));
  return { icon, text: joined(parts), isWork: true };
}

function stalledText(server: string, all: readonly RunningTransfer[]): string {
  return joined([l10n.t('Waiting for {server}', { server: clean(server) }), percentOf(all)]);
}

function transferText(transfer: RunningTransfer): string {
  const amount = amountText([transfer]);
  return transfer.direction === 'down'
    ? l10n.t('Reading {amount}', { amount })
    : l10n.t('Saving {amount}', { amount });
}

function shortWork(scene: MonitorScene): MonitorRow | undefined {
  const text = shownOperations(scene)
    .map(({ operation }) => workTexts[operation.name])
    .find((work) => work !== undefined);
  return text && { icon: 'sync~spin', text: text(), isWork: true };
}

/** Signing in has rows of its own, and keeping alive is nobody's work. */
const workTexts: Partial<Record<OperationName, () => string>> = {
  list: () => l10n.t('Listing'),
  stat: () => l10n.t('Checking'),
  read: () => l10n.t('Reading'),
  write: () => l10n.t('Saving'),
  rename: () => l10n.t('Renaming'),
  copy: () => l10n.t('Copying'),
  remove: () => l10n.t('Deleting'),
  'remove-directory': () => l10n.t('Deleting'),
  'make-directory': () => l10n.t('Creating a folder'),
  'set-modified': () => l10n.t('Setting the time'),
  'set-mode': () => l10n.t('Setting permissions'),
  raw: () => l10n.t('Sending a command'),
};

function connecting({ now, servers }: MonitorScene): MonitorRow | undefined {
  const found = servers.find((server) => server.isConnecting && now - server.phaseSince >= shownAfter);
  if (!found) return undefined;
  const server = clean(found.name);
  return { icon: 'sync~spin', text: phaseText(found, server), isWork: true };
}

function phaseText({ phase }: ServerActivity, server: string): string {
  if (phase === 'signing-in') return l10n.t('Signing in to {server}', { server });
  if (phase === 'reconnecting') return l10n.t('Reconnecting to {server}', { server });
  return l10n.t('Connecting to {server}', { server });
}

function justDone({ now, servers }: MonitorScene): MonitorRow | undefined {
  const done = servers
    .flatMap(({ lastTransfer }) => (lastTransfer && lastTransfer.kind !== 'read' ? [lastTransfer] : []))
    .filter(({ at }) => now - at < toldFor)
    .sort((a, b) => b.at - a.at)[0];
  if (!done) return undefined;
  return { icon: 'check', text: doneText(done) };
}

function doneText({ kind, path, bytes }: Finished): string {
  const file = clean(fileNameOf(path));
  if (kind === 'saved') return l10n.t('Saved {file}', { file });
  // What the servers exchanged directly, nobody counted here.
  return bytes === 0
    ? l10n.t('Copied {file}', { file })
    : l10n.t('Copied {amount}', { amount: sizeText(bytes) });
}

function idle({ servers }: MonitorScene): MonitorRow | undefined {
  const names = servers.filter((server) => server.isConnected || server.isConnecting).map(({ name }) => name);
  return names.length === 0 ? undefined : { icon: 'plug', text: serversText(names) };
}

function notConnected({ folders }: MonitorScene): MonitorRow | undefined {
  return folders.length === 0 ? undefined : { icon: 'debug-disconnect', text: serversText(folders) };
}

function serversText(names: readonly string[]): string {
  return names.length === 1 ? clean(names[0] ?? '') : l10n.t('{count} servers', { count: names.length });
}

function shownOperations({
  now,
  servers,
}: MonitorScene): { server: ServerActivity; operation: RunningOperation }[] {
  return servers.flatMap((server) =>
    [...server.operations.values()]
      .filter(({ begun }) => now - begun >= shownAfter)
      .map((operation) => ({ server, operation })),
  );
}

function iconOf(all: readonly RunningTransfer[]): string {
  const directions = new Set(all.map(({ direction }) => direction));
  if (directions.size === 2) return 'arrow-both';
  return directions.has('down') ? 'arrow-down' : 'arrow-up';
}

/** Per cent where all sizes are known, else bytes. */
function amountText(all: readonly RunningTransfer[]): string {
  return percentOf(all) ?? sizeText(sum(all.map(({ bytes }) => bytes)));
}

function percentOf(all: readonly RunningTransfer[]): string | undefined {
  const totals = all.map(({ total }) => total ?? 0);
  if (totals.includes(0)) return undefined;
  return percentText(sum(all.map(({ bytes }) => bytes)) / sum(totals));
}

function rateText(all: readonly RunningTransfer[]): string | undefined {
  const rates = all.map(({ rate }) => rate.bytesPerSecond).filter((rate) => rate !== undefined);
  return rates.length === 0 ? undefined : `${sizeText(sum(rates))}/s`;
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' · ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function clean(name: string): string {
  return cleanServerText(name);
}
