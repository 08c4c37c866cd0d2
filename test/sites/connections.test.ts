import assert from 'node:assert/strict';
import { FtpError, type ConnectOptions, type FtpSession, type WireEvent } from '../../src/ftp/index';
import { Connections } from '../../src/sites/connections';
import { Credentials, type Password } from '../../src/sites/credentials';
import { ProfileMemory } from '../../src/sites/profileMemory';
import type { PasswordQuestion, ServerStanding } from '../../src/sites/serverConnection';
import { parseSites } from '../../src/sites/siteSettings';
import { FakeSession } from '../support/fakeSession';
import { plainDefaults, tlsServices } from '../support/tlsServices';

/** One server with one password, the secret storage, and a person who answers from a list. */
class Desk {
  readonly secrets = new Map<string, string>();
  readonly memory = new Map<string, unknown>();
  readonly attempts: ConnectOptions[] = [];
  readonly questions: PasswordQuestion[] = [];
  readonly states: string[] = [];
  readonly reconnected: string[] = [];
  answers: (Password | undefined)[] = [];
  rightPassword: string | undefined = 'right';
  policy: 'secretStorage' | 'ask' = 'secretStorage';
  keyringBroken = false;
  keyringReports = 0;
  nextFailure: Error | undefined;
  traceEvents = 50_000;
  sites = parseSites([{ host: 'h', user: 'web', name: 'shop', dataConnection: 'active' }]).sites;
  session: () => FtpSession = () => new FakeSession();

  readonly credentials = new Credentials({
    secrets: {
      get: (key) => this.keyring(() => this.secrets.get(key)),
      store: (key, value) => this.keyring(() => void this.secrets.set(key, value)),
      delete: (key) => this.keyring(() => void this.secrets.delete(key)),
    },
    policy: () => this.policy,
    onKeyringMissing: () => this.keyringReports++,
  });

  readonly connections = new Connections({
    connect: (options) => this.connect(options),
    sites: () => this.sites,
    defaults: () => plainDefaults,
    credentials: this.credentials,
    profiles: new ProfileMemory({
      get: (key) => this.memory.get(key),
      update: (key, value) => Promise.resolve(void this.memory.set(key, value)),
    }),
    tls: tlsServices(),
    askPassword: (question) => {
      this.questions.push(question);
      return Promise.resolve(this.answers.shift());
    },
    traceEvents: () => this.traceEvents,
  });

  constructor() {
    this.connections.onDidChange(({ name, state }: ServerStanding) => this.states.push(`${name} ${state}`));
    this.connections.onDidReconnect((authority) => this.reconnected.push(authority));
  }

  private async connect(options: ConnectOptions): Promise<FtpSession> {
    this.attempts.push(options);
    await Promise.resolve();
    const failure = this.nextFailure;
    this.nextFailure = undefined;
    if (failure) throw failure;
    if (options.user !== undefined && options.password !== this.rightPassword) throw refusal();
    return this.session();
  }

  private keyring<T>(work: () => T): Promise<T> {
    return this.keyringBroken ? Promise.reject(new Error('no keyring')) : Promise.resolve(work());
  }
}

function refusal(): FtpError {
  return new FtpError('login-refused', 'refused', { facts: { said: 'Login incorrect.' } });
}

const right: Password = { text: 'right', save: true };
const wrong: Password = { text: 'wrong', save: true };
const stored = 'portside.password:web@h:21';

describe('Connections', () => {
  let desk: Desk;
  beforeEach(() => (desk = new Desk()));

  describe('sharing', () => {
    it('makes one session per server, however many ask at once and however they spell it', async () => {
      desk.answers = [right];
      const spellings = ['web@h', 'web@H:21', 'web@h'];
      const sessions = await Promise.all(spellings.map((authority) => desk.connections.session(authority)));
      assert.equal(new Set(sessions).size, 1);
      assert.equal(desk.attempts.length, 1);
      assert.equal(desk.questions.length, 1);
      assert.equal(await desk.connections.session('web@h'), sessions[0]);
      assert.equal(desk.attempts.length, 1);
    });

    it('keeps users and ports apart, and asks nothing for anonymous', async () => {
      await Promise.all([desk.connections.session('h'), desk.connections.session('h:2121')]);
      assert.deepEqual(
        desk.attempts.map(({ host, port, user, password }) => ({ host, port, user, password })),
        [
          { host: 'h', port: 21, user: undefined, password: undefined },
          { host: 'h', port: 2121, user: undefined, password: undefined },
        ],
      );
      assert.deepEqual(desk.questions, []);
    });

    it('does nothing before it is asked', () => {
      assert.deepEqual(desk.attempts, []);
      assert.deepEqual(desk.connections.standings(), []);
    });

    it('opens another session when the first has ended, and says so', async () => {
      const first = await desk.connections.session('h');
      await first.close();
      const second = await desk.connections.session('h');
      assert.notEqual(second, first);
      assert.deepEqual(desk.reconnected, ['h']);
    });

    it('uses the settings and the name of the site', async () => {
      desk.answers = [right];
      await desk.connections.session('web@h');
      assert.equal(desk.attempts[0]?.dataConnection, 'active');
      assert.equal(desk.attempts[0]?.name, 'shop');
    });

    it('refuses an authority that names no server', async () => {
      await assert.rejects(desk.connections.session(''), { code: 'host-not-found' });
    });
  });

  describe('names', () => {
    it('calls a server by its site, else by its host, and no two alike', () => {
      assert.equal(desk.connections.serverName('web@h'), 'shop');
      assert.equal(desk.connections.serverName('a@other'), 'other');
      assert.equal(desk.connections.serverName('b@other'), 'b@other');
      assert.equal(desk.connections.serverName('a@other'), 'other');
    });
  });

  describe('passwords', () => {
    it('stores a password once it has worked, and asks no more', async () => {
      desk.answers = [right];
      await desk.connections.session('web@h');
      assert.equal(desk.secrets.get(stored), 'right');
      await desk.connections.disconnect('web@h');
      await desk.connections.session('web@h');
      assert.equal(desk.questions.length, 1);
    });

    it('stores nothing before it has worked', async () => {
      desk.answers = [wrong, undefined];
      await assert.rejects(desk.connections.session('web@h'), { code: 'login-cancelled' });
      assert.equal(desk.secrets.size, 0);
      desk.credentials.offer({ host: 'h', port: 21, user: 'web' }, 'right');
      assert.equal(desk.secrets.size, 0);
      desk.nextFailure = new FtpError('connection-timed-out', 'silence');
      await assert.rejects(desk.connections.sessionForPerson('web@h'), { code: 'connection-timed-out' });
      assert.equal(desk.secrets.size, 0);
    });

    it('asks again with the refusal, and stores the one that worked', async () => {
      desk.answers = [wrong, right];
      await desk.connections.session('web@h');
      assert.equal(desk.questions[0]?.refusal, undefined);
      assert.equal(desk.questions[1]?.refusal?.facts.said, 'Login incorrect.');
      assert.equal(desk.secrets.get(stored), 'right');
    });

    it('gives up after three refusals, and tries no more without a person', async () => {
      desk.answers = [wrong, wrong, wrong, right];
      await assert.rejects(desk.connections.session('web@h'), { code: 'login-refused' });
      await assert.rejects(desk.connections.session('web@h'), { code: 'login-refused' });
      assert.equal(desk.attempts.length, 3);
      assert.deepEqual(
        desk.connections.standings().map(({ state }) => state),
        ['waiting'],
      );
      await desk.connections.sessionForPerson('web@h');
      assert.equal(desk.attempts.length, 4);
    });

    it('does not repeat a dismissed question until a person acts', async () => {
      desk.answers = [undefined, right];
      await assert.rejects(desk.connections.session('web@h'), { code: 'login-cancelled' });
      await assert.rejects(desk.connections.session('web@h'), { code: 'login-cancelled' });
      assert.equal(desk.questions.length, 1);
      assert.equal(desk.attempts.length, 0);
      await desk.connections.sessionForPerson('web@h');
      assert.equal(desk.questions.length, 2);
      assert.deepEqual(desk.states, [
        'shop connecting',
        'shop asking',
        'shop waiting',
        'shop idle',
        'shop connecting',
        'shop asking',
        'shop connecting',
        'shop connected',
      ]);
    });

    it('tries a stored password first, and keeps it while only the network fails', async () => {
      desk.secrets.set(stored, 'right');
      desk.nextFailure = new FtpError('connection-refused', 'off');
      await assert.rejects(desk.connections.session('web@h'), { code: 'connection-refused' });
      await desk.connections.session('web@h');
      assert.deepEqual(desk.questions, []);
    });

    it('replaces a stored password that is refused', async () => {
      desk.secrets.set(stored, 'old');
      desk.answers = [right];
      await desk.connections.session('web@h');
      assert.equal(desk.secrets.get(stored), 'right');
    });

    it('tries the password of an URL, and stores it when it has worked', async () => {
      desk.credentials.offer({ host: 'h', port: 21, user: 'web' }, 'right');
      await desk.connections.session('web@h');
      assert.deepEqual(desk.questions, []);
      assert.equal(desk.secrets.get(stored), 'right');
    });

    it('keeps a password in this window alone if a person or the setting says so', async () => {
      desk.answers = [{ text: 'right', save: false }];
      await desk.connections.session('web@h');
      await desk.connections.disconnect('web@h');
      await desk.connections.session('web@h');
      assert.equal(desk.questions.length, 1);
      assert.equal(desk.secrets.size, 0);
    });

    it('neither reads nor writes the secret storage under `ask`', async () => {
      desk.policy = 'ask';
      desk.secrets.set(stored, 'right');
      desk.answers = [{ text: 'right', save: false }];
      await desk.connections.session('web@h');
      assert.equal(desk.questions[0]?.save, false);
      assert.equal(desk.secrets.size, 1);
    });

    it('works without a keyring, and says so once', async () => {
      desk.keyringBroken = true;
      desk.answers = [right];
      await desk.connections.session('web@h');
      await desk.connections.disconnect('web@h');
      await desk.connections.session('web@h');
      assert.equal(desk.questions.length, 1);
      assert.equal(desk.keyringReports, 1);
    });
  });

  describe('disconnecting', () => {
    it('ends the session; the next use opens another', async () => {
      const session = await desk.connections.session('h');
      await desk.connections.disconnect('h');
      assert.equal(session.state, 'closed');
      assert.equal(desk.connections.openSession('h'), undefined);
      assert.notEqual(await desk.connections.session('h'), session);
    });

    it('takes back an attempt that is under way', async () => {
      const closed: FakeSession[] = [];
      desk.session = () => {
        closed.push(new FakeSession());
        return closed.at(-1) as FakeSession;
      };
      const attempt = assert.rejects(desk.connections.session('h'), { code: 'aborted' });
      await desk.connections.disconnect('h');
      await attempt;
      assert.deepEqual(
        closed.map(({ state }) => state),
        ['closed'],
      );
      assert.deepEqual(desk.states, ['h connecting', 'h idle', 'h idle']);
    });

    it('closes everything at the end', async () => {
      const sessions = [await desk.connections.session('h'), await desk.connections.session('i')];
      await desk.connections.close();
      assert.deepEqual(
        sessions.map(({ state }) => state),
        ['closed', 'closed'],
      );
    });
  });

  describe('memory', () => {
    it('hands over what was learned, and not what has another shape', async () => {
      const profile = {
        greeting: 'g',
        system: 's',
        features: ['MLSD'],
        home: '/',
        learned: { rendezvous: { EPSV: 'refused' }, fenced: false, unsupported: [] },
      };
      desk.memory.set('portside.profile:anonymous@h:21', profile);
      desk.memory.set('portside.profile:anonymous@i:21', { ...profile, learned: 7 });
      await desk.connections.session('h');
      await desk.connections.session('i');
      assert.deepEqual(desk.attempts[0]?.profile, profile);
      assert.notEqual(desk.attempts[0]?.profile, profile);
      assert.equal(desk.attempts[1]?.profile, undefined);
    });

    it('keeps what was learned after each operation', async () => {
      const session = await desk.connections.session('h');
      session.profile.learned.listAll = true;
      desk.attempts[0]?.trace?.(ended);
      delete session.profile.learned.listAll;
      const kept = desk.memory.get('portside.profile:anonymous@h:21');
      assert.equal((kept as typeof session.profile).learned.listAll, true);
    });

    it('keeps the last wire events', async () => {
      desk.traceEvents = 3;
      const heard: WireEvent[] = [];
      desk.connections.onDidTrace((event) => heard.push(event));
      await desk.connections.session('h');
      for (let at = 0; at < 10; at++) desk.attempts[0]?.trace?.({ ...ended, at });
      assert.equal(heard.length, 10);
      assert.deepEqual(
        desk.connections.wireLog().map(({ at }) => at),
        [7, 8, 9],
      );
      desk.traceEvents = 0;
      desk.attempts[0]?.trace?.(ended);
      assert.deepEqual(desk.connections.wireLog(), []);
    });
  });
});

const ended: WireEvent = {
  kind: 'operation',
  phase: 'end',
  name: 'list',
  at: 1,
  wall: 1,
  session: 'h',
  connection: 1,
  operation: 1,
  waiting: 0,
  text: 'Listed /',
};
