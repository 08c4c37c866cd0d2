import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Certificate } from '../../src/ftp/index';
import { CertificateJudge, type AskCertificate } from '../../src/sites/certificateJudge';
import { ClientKeys, type AskPassphrase } from '../../src/sites/clientKeys';
import { PemFiles } from '../../src/sites/pemFiles';
import type { TlsServices } from '../../src/sites/serverTls';
import type { ConnectionDefaults } from '../../src/sites/siteSettings';
import { TrustMemory } from '../../src/sites/trustMemory';

export const plainDefaults: ConnectionDefaults = {
  dataConnection: 'auto',
  timeout: 15_000,
  warm: true,
  encoding: 'auto',
  security: 'auto',
  minVersion: 'TLSv1.2',
  authorities: [],
};

export interface FakeTls {
  /** What VS Code's Memento holds. */
  readonly memory?: Map<string, unknown>;
  readonly secrets?: Map<string, string>;
  readonly files?: ReadonlyMap<string, string>;
  readonly askCertificate?: AskCertificate;
  readonly askPassphrase?: AskPassphrase;
  readonly unreadable?: (path: string, cause: string) => void;
  readonly policy?: () => 'secretStorage' | 'ask';
  readonly now?: () => number;
}

/** What a window has for TLS, without the window: nobody answers unless the test says so. */
export function tlsServices(fake: FakeTls = {}): TlsServices {
  const { secrets = new Map<string, string>(), files = new Map<string, string>() } = fake;
  return {
    judge: new CertificateJudge(
      trustMemory(fake.memory, fake.now),
      fake.askCertificate ?? (() => Promise.resolve(undefined)),
    ),
    files: new PemFiles({
      read: (file) => {
        const text = files.get(file);
        return text === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(text);
      },
      home: '/home/me',
      unreadable: fake.unreadable ?? (() => undefined),
    }),
    keys: new ClientKeys({
      secrets: {
        get: (key) => Promise.resolve(secrets.get(key)),
        store: (key, value) => Promise.resolve(void secrets.set(key, value)),
        delete: (key) => Promise.resolve(void secrets.delete(key)),
      },
      policy: fake.policy ?? (() => 'secretStorage'),
      ask: fake.askPassphrase ?? (() => Promise.resolve(undefined)),
      opens: (key, passphrase) => key.includes(`opened by ${passphrase}\n`),
    }),
  };
}

export function trustMemory(memory = new Map<string, unknown>(), now = () => 1_750_000_000_000): TrustMemory {
  const store = {
    keys: () => [...memory.keys()],
    get: (key: string) => memory.get(key),
    update: (key: string, value: unknown) => {
      if (value === undefined) memory.delete(key);
      // As VS Code keeps it: plain JSON.
      else memory.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  };
  return new TrustMemory(store, now);
}

/** A self-signed certificate of `host:21`, whose fingerprint is 32 times `pair`. */
export function certificateOf(pair: string, more: Partial<Certificate> = {}): Certificate {
  return {
    host: 'h',
    port: 21,
    subject: 'CN=nas, O=Home',
    issuer: 'CN=nas, O=Home',
    names: ['nas.local', '192.0.2.7'],
    validFrom: Date.UTC(2024, 4, 1),
    validTo: Date.UTC(2034, 3, 29),
    fingerprint: Array<string>(32).fill(pair).join(':'),
    problems: ['self-signed'],
    pem: '-----BEGIN CERTIFICATE-----\n',
    ...more,
  };
}

/** A file of test/fixtures/tls. */
export function pem(name: string): string {
  return readFileSync(path.resolve(__dirname, '../fixtures/tls', name), 'utf8');
}
