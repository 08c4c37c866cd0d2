import { workspace, type Uri } from 'vscode';
import {
  parseDataConnection,
  parsePortRange,
  parseSites,
  type ConnectionDefaults,
  type SiteList,
} from './siteSettings';
import { parsePaths, parseSecurity, parseTlsVersion } from './siteTls';

/** `portside.sites` as it is now. */
export function savedSites(): SiteList {
  return parseSites(read('sites'));
}

/** What holds for servers whose site says nothing else; `root` is a folder that may have settings of its own. */
export function connectionDefaults(root: Uri): ConnectionDefaults {
  const activeAddress = textOf(read('connection.activeAddress'));
  const activePorts = parsePortRange(read('connection.activePorts'));
  return {
    dataConnection: parseDataConnection(read('connection.dataConnection')) ?? 'auto',
    ...(activeAddress ? { activeAddress } : {}),
    ...(activePorts ? { activePorts } : {}),
    timeout: numberOf(read('connection.timeout'), { least: 1, otherwise: 15 }) * 1000,
    warm: read('connection.warm') !== false,
    encoding: textOf(read('files.encoding', root)) ?? 'auto',
    security: parseSecurity(read('connection.security')) ?? 'auto',
    // What cannot be read must not weaken a connection.
    minVersion: parseTlsVersion(read('tls.minVersion')) ?? 'TLSv1.2',
    authorities: parsePaths(read('tls.authorities')),
  };
}

export function passwordPolicy(): 'secretStorage' | 'ask' {
  return read('passwords') === 'ask' ? 'ask' : 'secretStorage';
}

export function logLevel(): 'off' | 'commands' | 'everything' {
  const level = read('log.level');
  return level === 'off' || level === 'commands' ? level : 'everything';
}

/** How many wire events are kept. */
export function traceEvents(): number {
  return numberOf(read('log.traceEvents'), { least: 0, otherwise: 50_000 });
}

/** Milliseconds between two looks at what is open; 0: never. */
export function pollInterval(root?: Uri): number {
  return numberOf(read('files.pollInterval', root), { least: 0, otherwise: 15 }) * 1000;
}

/** How two servers exchange files. */
export function serverToServerRoute(): 'auto' | 'direct' | 'relay' {
  const route = read('serverToServer.route');
  return route === 'direct' || route === 'relay' ? route : 'auto';
}

/** Pairs of servers that a person allowed to exchange files directly, such as `shop → mirror`. */
export function allowedPairs(): string[] {
  const pairs = read('serverToServer.allowedPairs');
  return Array.isArray(pairs) ? pairs.filter((pair) => typeof pair === 'string') : [];
}

function read(key: string, scope?: Uri): unknown {
  return workspace.getConfiguration('portside', scope).get<unknown>(key);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function numberOf(value: unknown, { least, otherwise }: { least: number; otherwise: number }): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= least ? value : otherwise;
}
