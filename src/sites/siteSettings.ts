import type { ConnectOptions, DataConnectionChoice, Security, TlsOptions, TlsVersion } from '../ftp/index';
import { parseSecurity, securities, siteTls, siteTlsFault, type SiteTls } from './siteTls';
import {
  absolutePath,
  defaultPort,
  implicitPort,
  parseHostPort,
  type Parsed,
  type ServerAddress,
} from './siteUri';
import type { WantedSecurity } from './trustMemory';

type TransferMode = NonNullable<ConnectOptions['mode']>;
type Dialect = NonNullable<ConnectOptions['dialect']>;

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A saved server, checked. What it leaves out is for the general settings to say. */
export interface Site extends ServerAddress {
  readonly name: string;
  /** Start folder, absolute. */
  readonly path: string;
  readonly dataConnection?: DataConnectionChoice;
  readonly mode?: TransferMode;
  /** How this server is told to exchange files with another. */
  readonly dialect?: Dialect;
  readonly encoding?: string;
  readonly activeAddress?: string;
  readonly activePorts?: PortRange;
  /** Dial the address that 227 names rather than the control connection's peer. */
  readonly trustPassiveAddress?: boolean;
  readonly security?: Security;
  readonly tls?: SiteTls;
}

/** What holds for every server whose site says nothing else. */
export interface ConnectionDefaults {
  readonly dataConnection: DataConnectionChoice;
  readonly activeAddress?: string;
  readonly activePorts?: PortRange;
  /** Milliseconds to wait for an answer. */
  readonly timeout: number;
  /** Keep the next data connection open in advance. */
  readonly warm: boolean;
  readonly encoding: string;
  readonly security: Security;
  readonly minVersion: TlsVersion;
  /** Paths of PEM files. */
  readonly authorities: readonly string[];
}

/** What is remembered of a server's TLS. */
export interface KnownTls {
  readonly hadTls: boolean;
  readonly wanted?: WantedSecurity | undefined;
}

export interface SiteList {
  readonly sites: readonly Site[];
  /** One sentence for each entry that is ignored. */
  readonly faults: readonly string[];
}

/** Reads the value of `portside.sites`: whatever stands in there, a bad entry costs only itself. */
export function parseSites(value: unknown): SiteList {
  if (!Array.isArray(value)) return { sites: [], faults: ['portside.sites is ignored: it is not a list.'] };
  const sites: Site[] = [];
  const faults: string[] = [];
  value.forEach((entry: unknown, index) => {
    const parsed = parseSite(entry, sites);
    if ('value' in parsed) sites.push(parsed.value);
    else faults.push(`Entry ${index + 1} of portside.sites is ignored: ${parsed.fault}.`);
  });
  return { sites, faults };
}

export function findSite(sites: readonly Site[], address: ServerAddress): Site | undefined {
  return sites.find(
    ({ host, port, user }) => host === address.host && port === address.port && user === address.user,
  );
}

/** Settings of a site over the general ones, as the engine takes them. */
export function connectionOptions(
  address: ServerAddress,
  site: Site | undefined,
  defaults: ConnectionDefaults,
  known: KnownTls = { hadTls: false },
): ConnectOptions {
  const activeAddress = site?.activeAddress ?? defaults.activeAddress;
  const ports = site?.activePorts ?? defaults.activePorts;
  const { timeout } = defaults;
  return {
    host: address.host,
    port: address.port,
    ...(address.user === undefined ? {} : { user: address.user }),
    security: securityOf(site, defaults, known),
    tls: tlsOptions(site?.tls ?? {}, defaults, known),
    dataConnection: site?.dataConnection ?? defaults.dataConnection,
    ...(site?.mode ? { mode: site.mode } : {}),
    ...(site?.dialect ? { dialect: site.dialect } : {}),
    encoding: site?.encoding ?? defaults.encoding,
    active: { ...(activeAddress ? { address: activeAddress } : {}), ...(ports ? { ports } : {}) },
    trustPassiveAddress: site?.trustPassiveAddress ?? false,
    timeouts: { connect: timeout, reply: timeout },
    warm: defaults.warm,
  };
}

/** What a person chose for this server alone goes before what holds for all. */
function securityOf(site: Site | undefined, defaults: ConnectionDefaults, known: KnownTls): Security {
  if (site?.security !== undefined && site.security !== 'auto') return site.security;
  return known.wanted ?? site?.security ?? defaults.security;
}

/** Without what stands in files. */
function tlsOptions(site: SiteTls, defaults: ConnectionDefaults, known: KnownTls): TlsOptions {
  const { maxVersion, data, clearCommands } = site;
  return {
    required: known.hadTls,
    minVersion: site.minVersion ?? leastOf(defaults.minVersion, maxVersion),
    ...(maxVersion ? { maxVersion } : {}),
    ...(data ? { data } : {}),
    ...(clearCommands === undefined ? {} : { clearCommands }),
  };
}

/** A site that allows nothing newer than TLS 1.2 means it. */
function leastOf(least: TlsVersion, most: TlsVersion | undefined): TlsVersion {
  return most === 'TLSv1.2' ? most : least;
}

export function parseDataConnection(value: unknown): DataConnectionChoice | undefined {
  return dataConnections.find((choice) => choice === value);
}

/** `50000-50100`, or a single port. */
export function parsePortRange(value: unknown): PortRange | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(value);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= 1 && first <= last && last <= 65535 ? { first, last } : undefined;
}

const dataConnections: readonly DataConnectionChoice[] = ['auto', 'passive', 'active', 'default-port'];
const modes: readonly TransferMode[] = ['stream', 'block', 'compressed', 'deflate'];
const dialects: readonly Dialect[] = ['rfc959', 'rfc2428', 'rfc478', 'rfc438'];

type Fields = Readonly<Record<string, unknown>>;

function parseSite(entry: unknown, earlier: readonly Site[]): Parsed<Site> {
  if (!isFields(entry)) return { fault: 'it is no object' };
  const fault = faultOf(entry);
  if (fault !== undefined) return { fault };
  const address = addressOf(entry);
  if ('fault' in address) return address;
  if (findSite(earlier, address.value)) return { fault: 'an earlier entry has the same host, port and user' };
  const name = textOf(entry['name'])?.trim() || address.value.host;
  // Log, status bar and prompts tell servers apart by name alone.
  if (earlier.some((site) => site.name === name)) return { fault: `the name ${name} is used twice` };
  return { value: { ...address.value, name, ...choicesOf(entry) } };
}

function isFields(entry: unknown): entry is Fields {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry);
}

/** The first field with a value that cannot be meant. */
function faultOf(fields: Fields): string | undefined {
  for (const [field, check] of Object.entries(fieldChecks)) {
    const value = fields[field];
    if (value !== undefined && !check.allows(value)) return `${field} ${check.must}`;
  }
  const tlsFault = fields['tls'] === undefined ? undefined : siteTlsFault(fields['tls']);
  if (tlsFault !== undefined) return tlsFault;
  return textOf(fields['host'])?.trim() ? undefined : 'host is missing';
}

interface FieldCheck {
  readonly allows: (value: unknown) => boolean;
  readonly must: string;
}

const sendableText: FieldCheck = {
  allows: (value) => typeof value === 'string' && !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(value),
  must: 'must be a text of one line',
};

function oneOf(values: readonly string[]): FieldCheck {
  return {
    allows: (value) => values.some((allowed) => allowed === value),
    must: `must be one of ${values.join(', ')}`,
  };
}

const fieldChecks: Readonly<Record<string, FieldCheck>> = {
  host: sendableText,
  name: sendableText,
  user: sendableText,
  path: sendableText,
  encoding: sendableText,
  activeAddress: sendableText,
  port: {
    allows: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535,
    must: 'must be a number from 1 to 65535',
  },
  dataConnection: oneOf(dataConnections),
  mode: oneOf(modes),
  dialect: oneOf(dialects),
  activePorts: {
    allows: (value) => value === '' || parsePortRange(value) !== undefined,
    must: 'must be ports such as 50000-50100',
  },
  passiveAddress: {
    allows: (value) => value === 'peer' || value === 'trust',
    must: 'must be one of peer, trust',
  },
  security: oneOf(securities),
};

function addressOf(fields: Fields): Parsed<ServerAddress> {
  const host = (textOf(fields['host']) ?? '').trim();
  const usual = fields['security'] === 'implicit' ? implicitPort : defaultPort;
  const place = parseHostPort(host, typeof fields['port'] === 'number' ? fields['port'] : usual);
  if ('fault' in place) return { fault: `host ${JSON.stringify(host)} is no host name or address` };
  const user = textOf(fields['user']);
  return { value: { ...place.value, ...(user && user !== 'anonymous' ? { user } : {}) } };
}

function choicesOf(fields: Fields): Omit<Site, 'name' | keyof ServerAddress> {
  const dataConnection = parseDataConnection(fields['dataConnection']);
  const mode = modes.find((choice) => choice === fields['mode']);
  const dialect = dialects.find((choice) => choice === fields['dialect']);
  const encoding = textOf(fields['encoding']);
  const activeAddress = textOf(fields['activeAddress']);
  const activePorts = parsePortRange(fields['activePorts']);
  const security = parseSecurity(fields['security']);
  const tls = siteTls(fields['tls']);
  return {
    path: absolutePath(textOf(fields['path']) ?? ''),
    ...(dataConnection ? { dataConnection } : {}),
    ...(mode ? { mode } : {}),
    ...(dialect ? { dialect } : {}),
    ...(encoding ? { encoding } : {}),
    ...(activeAddress ? { activeAddress } : {}),
    ...(activePorts ? { activePorts } : {}),
    ...(fields['passiveAddress'] === 'trust' ? { trustPassiveAddress: true } : {}),
    ...(security ? { security } : {}),
    ...(tls ? { tls } : {}),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
