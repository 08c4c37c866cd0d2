import assert from 'node:assert/strict';
import { connect, FtpError, type ConnectOptions, type FtpSession, type WireEvent } from '../../../src/ftp';
import { ScriptedServer, type Part } from '../../support/scriptedServer';
import { Kernel } from '../../support/sim/kernel';
import { SimWorld } from '../../support/sim/simWorld';

const greeting = '220 Hello';
const bytes = (length: number, byte = 65): Uint8Array => new Uint8Array(length).fill(byte);

interface Stage {
  readonly kernel: Kernel;
  readonly server: ScriptedServer;
  readonly events: WireEvent[];
  connect(more?: Partial<ConnectOptions>): Promise<FtpSession>;
}

async function stage<T>(part: Part, work: (stage: Stage) => Promise<T>): Promise<T> {
  const kernel = new Kernel({ seed: 3 });
  return kernel.run(async () => {
    const world = new SimWorld(kernel);
    const client = world.host('client', ['10.0.0.1']);
    const far = world.host('server', ['10.0.0.2']);
    world.link('client', 'server', { delay: 25 });
    world.host('nowhere', ['10.0.0.3']).vanished = true;
    world.link('client', 'nowhere');
    const server = new ScriptedServer(far.network, '10.0.0.2', part);
    const port = await server.start();
    const environment = kernel.environment(client);
    const events: WireEvent[] = [];
    const trace = (event: WireEvent): unknown => events.push(event);
    const options = { host: '10.0.0.2', port, user: 'web', password: 'secret', trace, warm: false };
    const result = await work({
      kernel,
      server,
      events,
      connect: (more = {}) => connect({ ...options, ...more }, environment),
    });
    await kernel.idle();
    assert.deepEqual(client.listeners, []);
    return result;
  });
}

async function failure(work: Promise<unknown>): Promise<FtpError> {
  const error: unknown = await work.then(
    () => assert.fail('It succeeded.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FtpError, String(error));
  return error;
}

describe('bad input: signing in', () => {
  const deadline = 15_000;
  const table: readonly [
    string,
    Part,
    Partial<ConnectOptions>,
    string,
    Partial<FtpError['facts']>,
    number,
  ][] = [
    ['a host without an address', {}, { host: 'nobody.example' }, 'host-not-found', {}, 0],
    ['a host that refuses', {}, { port: 9 }, 'connection-refused', { host: '10.0.0.2', port: 9 }, 100],
    [
      'a host that does not answer',
      {},
      { host: '10.0.0.3' },
      'connection-timed-out',
      { seconds: 15 },
      deadline,
    ],
    ['a web server', { greeting: 'HTTP/1.1 400 Bad Request' }, {}, 'not-ftp', { speaks: 'http' }, 200],
    ['an SSH server', { greeting: 'SSH-2.0-OpenSSH_9.2' }, {}, 'not-ftp', { speaks: 'ssh' }, 200],
    ['silence', {}, {}, 'not-ftp', { speaks: 'silence' }, deadline + 200],
    ['noise', { greeting: Uint8Array.of(0, 1, 2, 3, 13, 10) }, {}, 'not-ftp', { speaks: 'other' }, 200],
    [
      'a megabyte without a line end',
      { greeting: bytes(1 << 20) },
      {},
      'not-ftp',
      { speaks: 'other' },
      deadline,
    ],
    ['a hang-up', { hangUp: true }, {}, 'connection-lost', {}, 200],
    ['no room', { greeting: '421 Too many connections.' }, {}, 'too-many-connections', {}, 200],
    ['a refused user', { greeting, answers: { USER: '530 No.' } }, {}, 'login-refused', { said: 'No.' }, 200],
    ['a refused password', { greeting, answers: { PASS: '530 Wrong.' } }, {}, 'login-refused', {}, 300],
    [
      'TLS wanted',
      { greeting, answers: { USER: '530 Must use encryption.' } },
      {},
      'login-needs-tls',
      {},
      200,
    ],
    [
      'a password of yesterday',
      { greeting, answers: { PASS: '530 Password expired' } },
      {},
      'password-expired',
      {},
      300,
    ],
    ['an account wanted', { greeting, answers: { PASS: '332 Account?' } }, {}, 'login-account', {}, 300],
    [
      'a silent PASS',
      { greeting, answers: { PASS: () => undefined } },
      {},
      'reply-timed-out',
      { command: 'PASS' },
      deadline + 300,
    ],
    ['no images', { greeting, answers: { TYPE: '504 No.' } }, {}, 'not-supported', { command: 'TYPE' }, 400],
  ];
  for (const [title, part, options, code, facts, within] of table) {
    it(`${title}: ${code}`, () =>
      stage(part, async ({ connect: signIn, kernel }) => {
        const error = await failure(signIn(options));
        assert.equal(error.code, code);
        for (const [name, value] of Object.entries(facts)) {
          assert.equal(error.facts[name as keyof typeof facts], value, name);
        }
        assert.ok(kernel.now <= within + 100, `after ${kernel.now} ms`);
      }));
  }

  it('waits through 120, and gives an account to who asks', () =>
    stage(
      { greeting: '120 In a minute.\r\n220 Now.', answers: { PASS: '332 Account?', ACCT: '230 In.' } },
      async ({ connect: signIn, server }) => {
        const session = await signIn({ account: 'books' });
        assert.ok(server.commands.includes('ACCT books'));
        await session.close();
      },
    ));

  it('skips PASS when USER is enough', () =>
    stage({ greeting, answers: { USER: '230 In.' } }, async ({ connect: signIn, server }) => {
      const session = await signIn();
      assert.ok(!server.commands.some((line) => line.startsWith('PASS')));
      await session.close();
    }));

  it('keeps the password out of an error whose server echoes it', () =>
    stage(
      { greeting, answers: { PASS: '530 Wrong password secret for web' } },
      async ({ connect: signIn, events }) => {
        await failure(signIn());
        assert.ok(events.some((event) => event.kind === 'received' && event.line.includes('******')));
        assert.ok(!JSON.stringify(events).includes('secret'));
      },
    ));
});

describe('bad input: afterwards', () => {
  const readable: Part = { greeting, data: new TextEncoder().encode('hello') };
  const table: readonly [string, Part, string][] = [
    [
      'a reply of two megabytes',
      { answers: { CWD: `250-${'x\r\n'.repeat(700_000)}250 End` } },
      'protocol-violation',
    ],
    ['a line of a megabyte', { answers: { CWD: bytes(1 << 20) } }, 'protocol-violation'],
    ['a reply that is none', { answers: { CWD: 'What?' } }, 'protocol-violation'],
    ['silence', { answers: { CWD: () => undefined, EPSV: () => undefined } }, 'reply-timed-out'],
    ['a listing line of a megabyte', { data: bytes(1 << 20) }, 'listing-unknown'],
  ];
  for (const [title, part, code] of table) {
    it(`${title} is ${code}, and the next operation works`, () =>
      stage({ ...readable, ...part }, async ({ connect: signIn, server, kernel }) => {
        const session = await signIn();
        const began = kernel.now;
        assert.equal((await failure(session.list('/dir'))).code, code);
        assert.ok(kernel.now - began < 40_000, `${kernel.now - began} ms`);
        server.part = readable;
        assert.equal((await session.read('/file')).length, 5);
        await session.close();
      }));
  }

  it('tries PASV after a 229 with nonsense, and says why nothing works after a 227 with nonsense', () =>
    stage(
      {
        ...readable,
        answers: {
          EPSV: '229 Entering (what?)',
          PASV: '227 Entering (1,2,3,4,5,6,7)',
          EPRT: '500 No.',
          PORT: '500 No.',
        },
      },
      async ({ connect: signIn, server, events }) => {
        const session = await signIn();
        const error = await failure(session.read('/file'));
        assert.equal(error.code, 'data-no-way');
        assert.match(error.facts.passive ?? '', /227/);
        assert.match(error.facts.active ?? '', /500/);
        const troubles = events.filter((event) => event.kind === 'trouble').map(({ text }) => text);
        assert.ok(
          troubles.includes('EPSV refused by reply 229; PASV for this server from now on'),
          troubles.join(),
        );
        server.part = readable;
        assert.equal((await session.read('/file')).length, 5);
        await session.close();
      },
    ));

  it('dials the control peer when 227 names another host', () =>
    stage(
      {
        ...readable,
        answers: { EPSV: '500 No.', PASV: (_argument, it) => `227 OK (10,0,0,3,${it.passivePort()})` },
      },
      async ({ connect: signIn, events }) => {
        const session = await signIn();
        assert.equal((await session.read('/file')).length, 5);
        assert.ok(events.some((event) => event.kind === 'data' && event.phase === 'address-replaced'));
        await session.close();
      },
    ));

  it('reports short data with 226 as cut', () =>
    stage({ ...readable, answers: { SIZE: '213 6' } }, async ({ connect: signIn }) => {
      const session = await signIn();
      const error = await failure(session.read('/file'));
      assert.equal(error.code, 'data-cut');
      assert.deepEqual([error.facts.bytes, error.facts.total], [5, 6]);
      await session.close();
    }));

  it('reports long data with 226 as cut', () =>
    stage({ ...readable, answers: { SIZE: '213 4' } }, async ({ connect: signIn }) => {
      const session = await signIn();
      assert.equal((await failure(session.read('/file'))).code, 'data-cut');
      await session.close();
    }));

  it('asks EPSV once, and PASV from then on', () =>
    stage(
      {
        ...readable,
        answers: { EPSV: '502 No.', PASV: (_argument, it) => `227 OK (10,0,0,2,${it.passivePort()})` },
      },
      async ({ connect: signIn, server }) => {
        const session = await signIn();
        await session.read('/file');
        await session.read('/file');
        assert.equal(server.commands.filter((line) => line === 'EPSV').length, 1);
        assert.deepEqual(session.profile.learned.rendezvous, { EPSV: 'refused' });
        await session.close();
      },
    ));
});
