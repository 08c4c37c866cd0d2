import assert from 'node:assert/strict';
import {
  FtpError,
  type Certificate,
  type CertificateVerdict,
  type ConnectOptions,
  type FtpSession,
  type SessionPhase,
} from '../../src/ftp/index';
import type { CertificateAnswer, CertificateQuestion } from '../../src/sites/certificateJudge';
import type { PassphraseQuestion } from '../../src/sites/clientKeys';
import { Connections } from '../../src/sites/connections';
import { Credentials, type Password } from '../../src/sites/credentials';
import { ProfileMemory } from '../../src/sites/profileMemory';
import type { PasswordQuestion, ServerStanding } from '../../src/sites/serverConnection';
import { parseSites } from '../../src/sites/siteSettings';
import { FakeSession } from '../support/fakeSession';
import { certificateOf, plainDefaults, tlsServices, trustMemory } from '../support/tlsServices';

class SecureSession extends FakeSession {
  readonly security = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', resumed: false };
}

/** A server with a certificate, and a person who answers from lists. */
class Desk {
  readonly memory = new Map<string, unknown>();
  readonly secrets = new Map<string, string>();
  readonly files = new Map<string, string>();
  readonly attempts: ConnectOptions[] = [];
  readonly certificateQuestions: CertificateQuestion[] = [];
  readonly passwordQuestions: PasswordQuestion[] = [];
  readonly passphraseQuestions: PassphraseQuestion[] = [];
  readonly unreadable: string[] = [];
  readonly standings: ServerStanding[] = [];
  answers: CertificateAnswer[] = [];
  passwords: (Password | undefined)[] = [];
  passphrases: (string | undefined)[] = [];
  /** What the server shows; undefined: the system trusts it. */
  certificate: Certificate | undefined = certificateOf('AA');
  offersTls = true;
  entries: unknown[] = [];
  now = Date.UTC(2026, 1, 28);
  connections = this.window();

  /** Another window of the same person. */
  window(): Connections {
    const connections = new Connections({
      connect: (options) => this.connect(options),
      sites: () => parseSites(this.entries).sites,
      defaults: () => plainDefaults,
      credentials: new Credentials({
        secrets: {
          get: (key) => Promise.resolve(this.secrets.get(key)),
          store: (key, value) => Promise.resolve(void this.secrets.set(key, value)),
          delete: (key) => Promise.resolve(void this.secrets.delete(key)),
        },
        policy: () => 'secretStorage',
        onKeyringMissing: () => assert.fail('a keyring is there'),
      }),
      profiles: new ProfileMemory({ get: () => undefined, update: () => Promise.resolve() }),
      tls: tlsServices({
        memory: this.memory,
        secrets: this.secrets,
        files: this.files,
        askCertificate: (question) => {
          this.certificateQuestions.push(question);
          return Promise.resolve(this.answers.shift());
        },
        askPassphrase: (question) => {
          this.passphraseQuestions.push(question);
          return Promise.resolve(this.passphrases.shift());
        },
        unreadable: (path, cause) => this.unreadable.push(`${path}: ${cause}`),
        now: () => this.now,
      }),
      askPassword: (question) => {
        this.passwordQuestions.push(question);
        return Promise.resolve(this.passwords.shift());
      },
      traceEvents: () => 0,
    });
    connections.onDidChange((standing) => this.standings.push(standing));
    return (this.connections = connections);
  }

  get standing(): ServerStanding | undefined {
    return this.connections.standings()[0];
  }

  /** As the engine does it: the certificate is judged before anything secret is sent. */
  private async connect(options: ConnectOptions): Promise<FtpSession> {
    this.attempts.push(options);
    await Promise.resolve();
    this.tell(options, 'signing-in');
    const facts = { host: options.host, port: options.port ?? 21 };
    const isRequired = options.tls?.required || options.security === 'explicit';
    if (!this.offersTls && isRequired) throw new FtpError('tls-unavailable', 'refused');
    if (!this.offersTls || options.security === 'none') return this.signIn(options, new FakeSession());
    const certificate = this.certificate;
    const verdict = certificate && (await options.tls?.judge?.(certificate));
    if (certificate && verdict !== 'trusted') throw refusal(verdict, { ...facts, certificate });
    this.tell(options, 'secured');
    return this.signIn(options, new SecureSession());
  }

  private signIn(options: ConnectOptions, session: FtpSession): FtpSession {
    if (options.user === undefined || options.password === 'right') return session;
    throw new FtpError('login-refused', 'no');
  }

  private tell(options: ConnectOptions, state: SessionPhase): void {
    options.trace?.({ kind: 'state', at: 0, wall: 0, session: 'h', connection: 1, state, text: '' });
  }
}

function refusal(verdict: CertificateVerdict | undefined, facts: FtpError['facts']): FtpError {
  const code = verdict === 'changed' ? 'tls-certificate-changed' : 'tls-certificate-untrusted';
  return new FtpError(code, 'refused', { facts });
}

const right: Password = { text: 'right', save: true };
const encryptedKey = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nopened by sesame\n';

describe('A connection with TLS', () => {
  let desk: Desk;
  beforeEach(() => (desk = new Desk()));

  describe('asks about a certificate', () => {
    it('that nobody vouches for, once for ever', async () => {
      desk.answers = ['always'];
      await desk.connections.session('h');
      assert.deepEqual(
        desk.standings.map(({ state, about }) => [state, about]),
        [
          ['connecting', undefined],
          ['asking', 'certificate'],
          ['connecting', undefined],
          ['connected', undefined],
        ],
      );
      await desk.window().session('h');
      assert.equal(desk.certificateQuestions.length, 1);
    });

    it('once in a window, if that is the answer', async () => {
      desk.answers = ['once', 'once'];
      await desk.connections.session('h');
      await desk.connections.disconnect('h');
      await desk.connections.session('h');
      assert.equal(desk.certificateQuestions.length, 1);
      await desk.window().session('h');
      assert.equal(desk.certificateQuestions.length, 2);
    });

    it('once for all that wait, whoever they sign in as', async () => {
      desk.answers = ['once'];
      desk.passwords = [right];
      await Promise.all([desk.connections.session('h'), desk.connections.session('web@h')]);
      assert.equal(desk.certificateQuestions.length, 1);
    });

    it('not again when that was dismissed, until a person acts', async () => {
      desk.answers = [undefined, 'always'];
      await assert.rejects(desk.connections.session('h'), { code: 'tls-certificate-untrusted' });
      await assert.rejects(desk.connections.session('h'), { code: 'tls-certificate-untrusted' });
      assert.equal(desk.attempts.length, 1);
      assert.deepEqual([desk.standing?.state, desk.standing?.about], ['waiting', 'certificate']);
      await desk.connections.sessionForPerson('h');
      assert.equal(desk.certificateQuestions.length, 2);
    });

    it('without losing the password that was typed before', async () => {
      desk.answers = [undefined, 'always'];
      desk.passwords = [right];
      await assert.rejects(desk.connections.session('web@h'), { code: 'tls-certificate-untrusted' });
      assert.equal(desk.secrets.size, 0);
      await desk.connections.sessionForPerson('web@h');
      assert.equal(desk.passwordQuestions.length, 1);
      assert.equal(desk.secrets.get('portside.password:web@h:21'), 'right');
    });

    it('never where the system trusts it, although another one is pinned', async () => {
      desk.answers = ['always'];
      await desk.connections.session('h');
      desk.certificate = undefined;
      await desk.window().session('h');
      assert.equal(desk.certificateQuestions.length, 1);
      assert.equal(desk.standing?.state, 'connected');
    });
  });

  describe('that is made again in the background', () => {
    const reconnect = () => desk.attempts.at(-1)?.tls?.judge?.(certificateOf('BB'));

    it('asks nobody: it waits for a decision, and a click asks', async () => {
      desk.answers = ['once', 'always'];
      await desk.connections.session('h');
      assert.equal(await reconnect(), 'untrusted');
      assert.equal(desk.certificateQuestions.length, 1);
      assert.deepEqual([desk.standing?.state, desk.standing?.about], ['waiting', 'certificate']);
      assert.equal(desk.connections.openSession('h'), undefined);
      await assert.rejects(desk.connections.session('h'), { code: 'tls-certificate-untrusted' });
      desk.certificate = certificateOf('BB');
      await desk.connections.sessionForPerson('h');
      assert.equal(desk.certificateQuestions.length, 2);
      assert.equal(desk.standing?.state, 'connected');
    });

    it('ends the session that cannot come back', async () => {
      desk.answers = ['once', 'once'];
      const first = await desk.connections.session('h');
      await reconnect();
      const second = await desk.connections.sessionForPerson('h');
      assert.equal(first.state, 'closed');
      assert.notEqual(second, first);
    });

    it('refuses a changed certificate, and says since when', async () => {
      desk.answers = ['always'];
      await desk.connections.session('h');
      assert.equal(await reconnect(), 'changed');
      assert.equal(desk.standing?.error?.code, 'tls-certificate-changed');
      assert.equal(desk.standing?.error?.facts.since, desk.now);
    });

    it('goes on with what is pinned', async () => {
      desk.answers = ['always'];
      await desk.connections.session('h');
      assert.equal(await desk.attempts[0]?.tls?.judge?.(certificateOf('AA')), 'trusted');
      assert.equal(desk.standing?.state, 'connected');
    });
  });

  it('refuses a changed certificate without a question, and takes it when it is pinned instead', async () => {
    desk.answers = ['always'];
    await desk.connections.session('h');
    desk.certificate = certificateOf('BB');
    await assert.rejects(desk.window().session('h'), (error) => {
      assert.ok(FtpError.is(error, 'tls-certificate-changed'));
      assert.deepEqual([error.facts.certificate, error.facts.since], [desk.certificate, desk.now]);
      return true;
    });
    assert.equal(desk.certificateQuestions.length, 1);
    assert.equal(desk.standing?.state, 'waiting');
    await trustMemory(desk.memory).pin(certificateOf('BB'));
    await desk.connections.sessionForPerson('h');
    assert.equal(desk.standing?.state, 'connected');
  });

  describe('once encrypted', () => {
    it('insists on it, whoever signs in, and says so when it is gone', async () => {
      desk.answers = ['always'];
      desk.passwords = [right];
      await desk.connections.session('h');
      assert.equal(desk.attempts[0]?.tls?.required, false);
      desk.offersTls = false;
      const attempt = desk.window().session('web@h');
      await assert.rejects(attempt, (error) => {
        assert.ok(FtpError.is(error, 'tls-unavailable'));
        assert.equal(error.facts.hadTls, true);
        return true;
      });
      assert.equal(desk.attempts[1]?.tls?.required, true);
    });

    it('remembers nothing of a connection in clear', async () => {
      desk.offersTls = false;
      await desk.connections.session('h');
      await desk.window().session('h');
      assert.equal(desk.attempts[1]?.tls?.required, false);
      assert.equal(desk.memory.size, 0);
    });

    it('goes without it where the site says so', async () => {
      desk.answers = ['always'];
      await desk.connections.session('h');
      desk.entries = [{ host: 'h', security: 'none' }];
      await desk.window().session('h');
      assert.equal(desk.attempts[1]?.security, 'none');
    });
  });

  describe('says of the way of the password', () => {
    const said = async (entry?: object): Promise<string[]> => {
      desk.entries = entry ? [{ host: 'h', user: 'web', ...entry }] : [];
      desk.answers = ['always'];
      desk.passwords = [{ text: 'wrong', save: true }, right];
      await desk.connections.session('web@h');
      return desk.passwordQuestions.map(({ encryption }) => encryption);
    };

    it('that it is not known, then how it was', async () => {
      assert.deepEqual(await said(), ['if-offered', 'tls']);
    });
    it('that it is open, once that was seen', async () => {
      desk.offersTls = false;
      assert.deepEqual(await said(), ['if-offered', 'clear']);
    });
    it('that it is open by the settings', async () => {
      assert.deepEqual(await said({ security: 'none' }), ['clear', 'clear']);
    });
    it('that it is encrypted by the settings', async () => {
      assert.deepEqual(await said({ security: 'explicit' }), ['tls', 'tls']);
    });
    it('that it is encrypted because TLS was seen', async () => {
      await trustMemory(desk.memory).sawTls({ host: 'h', port: 21 });
      assert.deepEqual(await said(), ['tls', 'tls']);
    });
  });

  describe('with files', () => {
    const client = { certificate: '~/web.pem', key: '/keys/web.key' };
    const site = (tls: object) => [{ host: 'h', tls }];

    beforeEach(() => {
      desk.answers = ['always'];
      desk.files
        .set('/home/me/web.pem', '-----BEGIN CERTIFICATE-----\nweb\n')
        .set('/keys/web.key', '-----BEGIN PRIVATE KEY-----\nweb\n')
        .set('/own.pem', '-----BEGIN CERTIFICATE-----\nown\n')
        .set('/notes.txt', 'no PEM');
    });

    it('hands over what they hold', async () => {
      desk.entries = site({ authorities: ['/own.pem'], clientCertificate: client });
      await desk.connections.session('h');
      assert.deepEqual(desk.attempts[0]?.tls?.authorities, [desk.files.get('/own.pem')]);
      assert.deepEqual(desk.attempts[0]?.tls?.clientCertificate, {
        certificate: desk.files.get('/home/me/web.pem'),
        key: desk.files.get('/keys/web.key'),
      });
    });

    it('tells once of each that is of no use, and goes on without it', async () => {
      desk.entries = site({ authorities: ['/gone.pem', '/notes.txt', '/own.pem'] });
      await desk.connections.session('h');
      await desk.connections.disconnect('h');
      await desk.connections.session('h');
      assert.deepEqual(desk.unreadable.sort(), ['/gone.pem: no such file', '/notes.txt: not PEM']);
      assert.deepEqual(desk.attempts[1]?.tls?.authorities, [desk.files.get('/own.pem')]);
    });

    it('asks for the passphrase of a locked key until one opens it, and keeps that one', async () => {
      desk.entries = site({ clientCertificate: client });
      desk.files.set('/keys/web.key', encryptedKey);
      desk.passphrases = ['open', 'sesame'];
      await desk.connections.session('h');
      assert.deepEqual(
        desk.passphraseQuestions.map(({ path, isAgain }) => [path, isAgain]),
        [
          ['/keys/web.key', false],
          ['/keys/web.key', true],
        ],
      );
      assert.equal(desk.attempts[0]?.tls?.clientCertificate?.passphrase, 'sesame');
      await desk.window().session('h');
      assert.equal(desk.passphraseQuestions.length, 2);
      assert.equal(desk.attempts[1]?.tls?.clientCertificate?.passphrase, 'sesame');
    });

    it('waits for a person when that question is dismissed', async () => {
      desk.entries = site({ clientCertificate: client });
      desk.files.set('/keys/web.key', encryptedKey);
      await assert.rejects(desk.connections.session('h'), { code: 'login-cancelled' });
      assert.deepEqual([desk.standing?.state, desk.standing?.about], ['waiting', 'password']);
      assert.deepEqual(desk.attempts, []);
    });
  });
});
