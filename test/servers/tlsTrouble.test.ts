import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  type Certificate,
  type CertificateVerdict,
  type ConnectOptions,
  FtpError,
  type TlsOptions,
  type TransferOptions,
  type WireEvent,
} from '../../src/ftp';
import type { Daemon } from './daemon';
import type { DaemonTls } from './daemonTls';
import {
  type SecureServer,
  type Visit,
  authorities,
  bytesOf,
  dataConnections,
  nothingOpen,
  onDisk,
  secureDaemons,
  startSecureDaemon,
  visit,
} from './tlsStage';

/** More than all socket buffers on the way, so that a transfer can be caught in its middle. */
const huge = new Uint8Array(60_000_000);
const mebibyte = bytesOf(1024 * 1024);
type Progress = NonNullable<TransferOptions['onProgress']>;

for (const name of secureDaemons) {
  describe(`${name} in TLS, when something goes wrong`, () => {
    let daemon: Daemon;
    let server: SecureServer;
    let client: Visit | undefined;

    afterEach(async () => {
      await client?.close();
      client = undefined;
      await daemon?.stop();
      await nothingOpen();
    });

    async function start(context: Mocha.Context, tls: DaemonTls): Promise<void> {
      daemon = await startSecureDaemon(context, name, tls);
      server = onDisk(daemon);
    }

    const reach = async (tls: TlsOptions, options: Partial<ConnectOptions> = {}): Promise<Visit> =>
      (client = await visit(server, { security: 'explicit', tls, ...options }));

    it('goes on after a cancelled download and a cancelled upload', async function () {
      await start(this, {});
      server.put('huge', huge);
      const { session, events } = await reach({ authorities });
      for (const begin of [
        (signal: AbortSignal, onProgress: Progress) =>
          session.read(server.at('huge'), { signal, onProgress }),
        (signal: AbortSignal, onProgress: Progress) =>
          session.write(server.at('up'), huge, { signal, onProgress }),
      ]) {
        const controller = new AbortController();
        const error = await errorOf(
          begin(
            controller.signal,
            inTheMiddle(() => controller.abort()),
          ),
        );
        assert.equal(error.code, 'aborted');
        await session.write(server.at('after'), mebibyte);
        assert.ok(Buffer.from(mebibyte).equals(await session.read(server.at('after'))));
      }
      assert.deepEqual(protections(events), ['TLSv1.3']);
    });

    it('comes back without a question when the server dies in the middle of a transfer', async function () {
      await start(this, { certificate: 'selfSigned' });
      server.put('huge', huge);
      const asked: Certificate[] = [];
      const { session, events } = await reach({ judge: answering('trusted', asked) });
      await session
        .read(server.at('huge'), { onProgress: inTheMiddle(() => daemon.killSessions()) })
        .catch((error: unknown) => {
          if (!(error instanceof FtpError)) throw error;
        });
      await session.write(server.at('after'), mebibyte);
      assert.ok(Buffer.from(mebibyte).equals(server.get('after') ?? Buffer.alloc(0)));
      assert.equal(asked.length, 1);
      assert.deepEqual(asked[0]?.problems, ['self-signed']);
      assert.ok((events.at(-1)?.connection ?? 0) > 1, 'a second control connection');
      assert.deepEqual(protections(events), ['TLSv1.3']);
    });

    for (const [certificate, problem] of [
      ['expired', 'expired'],
      ['otherName', 'wrong-name'],
      ['selfSigned', 'self-signed'],
    ] as const) {
      it(`tells nobody a password who shows a certificate that is ${problem}`, async function () {
        await start(this, { certificate });
        const asked: Certificate[] = [];
        const events: WireEvent[] = [];
        const tls = { authorities, judge: answering('untrusted', asked) };
        const error = await errorOf(visit(server, { security: 'explicit', tls }, events));
        assert.equal(error.code, 'tls-certificate-untrusted');
        assert.deepEqual(
          asked.map(({ problems }) => problems),
          [[problem]],
        );
        assert.equal(asked[0]?.pem.trim(), pemOf(certificate));
        assert.equal(error.facts.certificate?.fingerprint, asked[0]?.fingerprint);
        assert.deepEqual(sent(events), ['AUTH TLS']);
      });
    }

    it('signs in nowhere when the certificate has changed', async function () {
      await start(this, { certificate: 'selfSigned' });
      const asked: Certificate[] = [];
      const known = pemOf('selfSigned');
      const { session } = await reach({
        judge: (certificate) => {
          asked.push(certificate);
          return Promise.resolve(certificate.pem.trim() === known ? 'trusted' : 'changed');
        },
      });
      await session.write(server.at('before'), mebibyte);
      daemon.showCertificate('changed');
      daemon.killSessions();
      // Not before the loss is noticed: a data connection that is in its handshake would fail with it.
      while (session.security) await setImmediate();
      const error = await errorOf(session.write(server.at('after'), mebibyte));
      assert.equal(error.code, 'tls-certificate-changed');
      assert.equal(error.facts.certificate?.pem.trim(), pemOf('changed'));
      assert.equal(asked.length, 2);
    });

    it('shows a certificate of ours, and says so when one is missing', async function () {
      await start(this, { clientCertificate: true });
      const clientCertificate = { certificate: fixture('client.pem'), key: fixture('client.key') };
      const { session } = await reach({ authorities, clientCertificate });
      await session.write(server.at('file'), mebibyte);
      await session.close();
      const error = await errorOf(reach({ authorities, maxVersion: 'TLSv1.2' }));
      assert.equal(error.code, 'tls-client-certificate');
      // TLS 1.3 says so behind the handshake (RFC 8446 §4.4.2.4), and the reset that follows may overtake it.
      const newer = await errorOf(reach({ authorities }));
      assert.ok(['tls-client-certificate', 'connection-lost'].includes(newer.code), newer.code);
    });

    it('explains that it needs TLS to sign in', async function () {
      await start(this, { required: 'control' });
      assert.equal((await errorOf(reach({}, { security: 'none' }))).code, 'login-needs-tls');
    });

    it('has files in the clear only where that was asked for', async function () {
      await start(this, {});
      const { session, events } = await reach({ authorities, data: 'clear' });
      await session.write(server.at('file'), mebibyte);
      assert.deepEqual(protections(events), ['clear']);
      assert.ok(session.security);
    });

    it('explains that files must not be in the clear', async function () {
      await start(this, { required: 'control and data' });
      const error = await errorOf(
        reach({ authorities, data: 'clear' }).then(({ session }) =>
          session.write(server.at('file'), mebibyte),
        ),
      );
      // ProFTPD refuses PROT C itself; the others the transfer, or the way to it.
      assert.equal(error.code, 'tls-data-required');
      assert.match(error.facts.said ?? '', /TLS|PROT|encrypted|security/);
    });

    it('is in TLS when it was left to choose', async function () {
      await start(this, {});
      const { session, events } = await reach({ authorities }, { security: 'auto' });
      await session.write(server.at('file'), mebibyte);
      assert.deepEqual(protections(events), ['TLSv1.3']);
    });
  });
}

describe('A server without TLS', () => {
  let daemon: Daemon;

  afterEach(() => daemon?.stop());

  it('is told no password where TLS is required', async function () {
    daemon = await startSecureDaemon(this, 'vsftpd');
    for (const options of [
      { security: 'explicit' },
      { security: 'auto', tls: { required: true } },
    ] as const) {
      const events: WireEvent[] = [];
      assert.equal((await errorOf(visit(onDisk(daemon), options, events))).code, 'tls-unavailable');
      assert.deepEqual(sent(events), ['AUTH TLS']);
    }
  });

  it('is signed in to where TLS is left to the server', async function () {
    daemon = await startSecureDaemon(this, 'vsftpd');
    const { session, close } = await visit(onDisk(daemon), { security: 'auto' });
    assert.equal(session.security, undefined);
    await close();
  });
});

function answering(verdict: CertificateVerdict, asked: Certificate[]): NonNullable<TlsOptions['judge']> {
  return (certificate) => {
    asked.push(certificate);
    return Promise.resolve(verdict);
  };
}

async function errorOf(work: Promise<unknown>): Promise<FtpError> {
  const error: unknown = await work.then(
    () => assert.fail('It succeeded.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FtpError, String(error));
  return error;
}

/** The TLS versions of all data connections, each once. */
function protections(events: Visit['events']): string[] {
  return [...new Set(dataConnections(events).map(({ tls }) => tls?.protocol ?? 'clear'))];
}

function sent(events: Visit['events']): string[] {
  return events.flatMap((event) => (event.kind === 'sent' ? [event.line] : []));
}

function fixture(name: string): string {
  return readFileSync(path.join(__dirname, '../fixtures/tls', name), 'utf8');
}

function pemOf(certificate: string): string {
  return fixture(`${certificate}.pem`).trim();
}

/** Once, when bytes begin to move. */
function inTheMiddle(work: () => void): Progress {
  let done = false;
  // Progress is told at the start, and then four times a second: too seldom for what moves 60 MB in less.
  return () => {
    if (done) return;
    done = true;
    setImmediate().then(work, work);
  };
}
