import { l10n } from 'vscode';
import type { RendezvousMethod, ServerProfile } from '../ftp/index';
import { durationText, percentText, remainingText, sizeText } from './amounts';
import { markdownText } from './markdownText';
import { shownAfter } from './monitorRows';
import type { Finished, RunningOperation, RunningTransfer, ServerActivity } from './serverActivity';

/** What is known of a server besides its wire events. */
export interface ServerFacts {
  /** `web@ftp.example.com:21` */
  readonly address: string;
  /** The Uri with which the commands of the tooltip are called. */
  readonly uri: string;
  readonly profile: ServerProfile | undefined;
}

/** The tooltip's Markdown: one table for each server in use, at most three; what is unknown is left out. */
export function monitorTooltip(
  servers: readonly ServerActivity[],
  factsOf: (server: string) => ServerFacts | undefined,
  now: number,
): string {
  return servers
    .filter((server) => server.isConnected || server.isConnecting)
    .slice(0, mostTables)
    .map((server) => tableOf(server, factsOf(server.name), now))
    .join('\n\n---\n\n');
}

/** The commands that a link of the tooltip may call. */
export const tooltipCommands = [
  'portside.showTransfers',
  'portside.showProtocolLog',
  'portside.disconnect',
] as const;

const mostTables = 3;

function tableOf(server: ServerActivity, facts: ServerFacts | undefined, now: number): string {
  const address = facts ? ` — ${markdownText(facts.address)}` : '';
  const title = `**${markdownText(server.name)}**${address}${lockOf(server)}`;
  const rows = rowsOf(server, facts?.profile, now).map(([label, text]) => `| ${label} | ${text} |`);
  return [title, '', '| | |', '|---|---|', ...rows, '', linksOf(facts)].join('\n');
}

/** Nothing while it is not known. */
function lockOf({ tls, isConnected }: ServerActivity): string {
  if (tls) return `  $(lock) ${markdownText(tls.protocol.replace(/^TLSv/, 'TLS '))}`;
  return isConnected ? `  $(unlock) ${l10n.t('not encrypted')}` : '';
}

function rowsOf(server: ServerActivity, profile: ServerProfile | undefined, now: number): [string, string][] {
  const candidates: [string, string | undefined][] = [
    [l10n.t('Doing'), doing(server, now)],
    [l10n.t('Data connection'), dataConnection(server.rendezvous, profile)],
    [l10n.t('Round trip'), roundTrip(server)],
    [l10n.t('Last transfer'), server.lastTransfer && lastTransfer(server.lastTransfer)],
    [l10n.t('Queue'), server.waiting > 0 ? l10n.t('{count} waiting', { count: server.waiting }) : undefined],
    [l10n.t('Server'), profile && kindOf(profile)],
  ];
  return candidates.flatMap(([label, text]) => (text === undefined ? [] : [[label, text]]));
}

function doing({ operations }: ServerActivity, now: number): string | undefined {
  const [first] = [...operations.values()].filter(
    ({ name, begun }) => name !== 'keep-alive' && now - begun >= shownAfter,
  );
  if (!first) return undefined;
  const path = markdownText(first.path);
  return first.transfer ? transferring(first.transfer) : `${operationWord(first)} ${path}`.trim();
}

function operationWord({ name }: RunningOperation): string {
  if (name === 'sign-in') return l10n.t('Signing in');
  if (name === 'list') return l10n.t('Listing');
  if (name === 'read') return l10n.t('Reading');
  if (name === 'write') return l10n.t('Saving');
  if (name === 'copy') return l10n.t('Copying');
  return name === 'stat' ? l10n.t('Checking') : l10n.t('Changing');
}

function transferring({ direction, path, bytes, total, rate }: RunningTransfer): string {
  const name = markdownText(path);
  const start =
    direction === 'down' ? l10n.t('Reading {path}', { path: name }) : l10n.t('Saving {path}', { path: name });
  if (!total) return `${start}, ${sizeText(bytes)}`;
  const amount = l10n.t('{percent} of {size}', {
    percent: percentText(bytes / total).trim(),
    size: sizeText(total),
  });
  const speed = rate.bytesPerSecond;
  if (!speed) return `${start}, ${amount}`;
  const left = remainingText(((total - bytes) / speed) * 1000);
  return `${start}, ${amount}, ${l10n.t('{time} left', { time: left })}`;
}

function dataConnection(
  method: RendezvousMethod | undefined,
  profile: ServerProfile | undefined,
): string | undefined {
  if (!method) return undefined;
  if (method === 'default-port') return l10n.t('default data port');
  if (method === 'EPSV' || method === 'PASV') return l10n.t('passive ({method})', { method });
  const failed = profile?.learned.rendezvous;
  const why = failed && (failed.PASV ?? failed.EPSV);
  if (!why) return l10n.t('active ({method})', { method });
  return why === 'refused'
    ? l10n.t('active ({method}), because passive was refused', { method })
    : l10n.t('active ({method}), because passive ports could not be reached', { method });
}

function roundTrip({ roundTrips: { last, usual } }: ServerActivity): string | undefined {
  if (last === undefined || usual === undefined) return undefined;
  return l10n.t('{last} ms, usually {usual} ms', { last: Math.round(last), usual: Math.round(usual) });
}

function lastTransfer({ kind, path, bytes, took }: Finished): string {
  const what = { path: markdownText(path), size: sizeText(bytes), time: durationText(took) };
  if (kind === 'saved') return l10n.t('saved {path}, {size} in {time}', what);
  if (kind === 'read') return l10n.t('read {path}, {size} in {time}', what);
  return l10n.t('copied {path}, {size} in {time}', what);
}

/** The product, if the greeting names one, and the features that matter to a person. */
function kindOf({ greeting, system, features }: ServerProfile): string | undefined {
  const product = products.find((name) => `${greeting} ${system}`.toLowerCase().includes(name.toLowerCase()));
  const known = [
    product,
    features.some((feature) => feature.startsWith('MLST')) ? 'MLSD' : undefined,
    features.some((feature) => feature.startsWith('UTF8')) ? 'UTF-8' : undefined,
  ].filter((fact) => fact !== undefined);
  return known.length === 0 ? undefined : known.join(', ');
}

const products = [
  'Pure-FTPd',
  'ProFTPD',
  'vsFTPd',
  'pyftpdlib',
  'FileZilla Server',
  'Serv-U',
  'Microsoft FTP',
];

function linksOf(facts: ServerFacts | undefined): string {
  const links = [
    `[$(arrow-swap) ${l10n.t('Transfers')}](command:portside.showTransfers)`,
    `[$(output) ${l10n.t('Protocol Log')}](command:portside.showProtocolLog)`,
  ];
  if (facts) {
    const argument = encodeURIComponent(JSON.stringify([facts.uri])).replace(/[()]/g, percentEncoded);
    links.push(`[$(debug-disconnect) ${l10n.t('Disconnect')}](command:portside.disconnect?${argument})`);
  }
  return links.join(' · ');
}

/** A bracket would end the target of a Markdown link. */
function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}
