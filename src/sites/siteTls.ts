import type { Security, TlsOptions, TlsVersion } from '../ftp/index';

/** What a site says about TLS; files are named, not read. */
export interface SiteTls extends Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'data' | 'clearCommands'> {
  /** Paths of PEM files. */
  readonly authorities?: readonly string[];
  readonly clientCertificate?: ClientCertificateFiles;
}

/** Paths of PEM files. */
export interface ClientCertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Why the value cannot be meant; undefined: it can. Nothing is guessed, or a slip would weaken a connection. */
export function siteTlsFault(value: unknown): string | undefined {
  if (!isFields(value)) return 'tls must be an object';
  for (const [field, item] of Object.entries(value)) {
    const check = checks[field];
    if (!check) return `tls.${field} is not known`;
    if (!check.allows(item)) return `tls.${field} ${check.must}`;
  }
  const { minVersion, maxVersion } = value;
  return minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2' ? 'tls allows no version' : undefined;
}

/** A value without a fault. */
export function siteTls(value: unknown): SiteTls | undefined {
  return isFields(value) ? value : undefined;
}

export function parseSecurity(value: unknown): Security | undefined {
  return securities.find((choice) => choice === value);
}

export function parseTlsVersion(value: unknown): TlsVersion | undefined {
  return versions.find((version) => version === value);
}

/** Paths, the blank ones left out. */
export function parsePaths(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isPath).map((path) => path.trim()) : [];
}

export const securities: readonly Security[] = ['auto', 'explicit', 'implicit', 'none'];
const versions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];

interface Check {
  readonly allows: (value: unknown) => boolean;
  readonly must: string;
}

const version: Check = {
  allows: (value) => parseTlsVersion(value) !== undefined,
  must: `must be one of ${versions.join(', ')}`,
};

const checks: Readonly<Record<string, Check>> = {
  minVersion: version,
  maxVersion: version,
  authorities: {
    allows: (value) => Array.isArray(value) && value.every(isPath),
    must: 'must be a list of files',
  },
  clientCertificate: {
    allows: (value) => isFields(value) && isPath(value['certificate']) && isPath(value['key']),
    must: 'must name the files certificate and key',
  },
  data: {
    allows: (value) => value === 'private' || value === 'clear',
    must: 'must be one of private, clear',
  },
  clearCommands: { allows: (value) => typeof value === 'boolean', must: 'must be true or false' },
};

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
