import assert from 'node:assert/strict';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import type { Fault } from '../support/server/faultKinds';
import { FaultScript } from '../support/server/faultScript';
import type { MemoryFiles } from '../support/server/memoryFiles';
import { RecordingScript } from '../support/server/recordingScript';
import { ReferenceServer } from '../support/server/referenceServer';
import type { Script } from '../support/server/script';
import { sampleFiles } from './dialogue';
import { listenForData, RawClient, type Data } from './rawClient';

describe('scripts of the reference server', () => {
  const ends: (() => unknown)[] = [];
  let files: MemoryFiles;
  let server: ReferenceServer;

  async function start(script: Script): Promise<RawClient> {
    const { network, clock } = nodeEnvironment();
    files = sampleFiles().put('/ten', '0123456789');
    const started = await ReferenceServer.start({ network, clock, files, script, chunkSize: 4 });
    // A test may start several: each is stopped, not the last one over and over.
    ends.push(() => started.stop());
    server = started;
    const client = await RawClient.loggedIn(server.port);
    ends.push(() => client.close());
    assert.match(await client.ask('TYPE I'), /^200/);
    return client;
  }

  async function plan(fault: Fault): Promise<{ client: RawClient; script: FaultScript }> {
    const script = new FaultScript(fault);
    return { client: await start(script), script };
  }

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('keeps a journal of a clean run', async () => {
    const script = new RecordingScript();
    const client = await start(script);
    const data = await client.passive();
    client.say('RETR ten\r\n');
    await data.all;
    await client.reply();
    await client.reply();
    assert.deepEqual(
      script.points.filter((point) => !point.startsWith('out(control')),
      [
        ...['reply(greeting,1)', 'reply(USER,1)', 'reply(PASS,1)', 'reply(TYPE,1)'],
        ...['connect(data,1)', 'reply(EPSV,1)', 'file(follow,1)', 'file(openRead,1)', 'reply(RETR,1)'],
        ...['file(read,1)', 'in(data,1)', 'file(read,2)', 'in(data,2)', 'file(read,3)', 'in(data,3)'],
        ...['file(read,4)', 'fin(data,1)', 'reply(RETR,2)', 'file(close,1)'],
      ],
    );
    assert.equal(script.points.filter((point) => point.startsWith('out(control')).length, 5);
  });

  it('refuses a kind that does not fit its point', () => {
    assert.throws(() => new FaultScript({ point: 'reply(NOOP)', kind: 'stall' }), /does not fit/);
    assert.throws(() => new FaultScript({ point: 'nonsense', kind: 'close' }), /Not a fault point/);
  });

  /** What the client reads in answer to NOOP, SYST in one segment, as bytes in Latin-1. */
  const replies: { fault: Omit<Fault, 'point'>; wire: string }[] = [
    { fault: { kind: 'silence' }, wire: '215 UNIX Type: L8\r\n' },
    { fault: { kind: 'late', milliseconds: 2 }, wire: '200 NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'close' }, wire: '' },
    { fault: { kind: 'reset' }, wire: '' },
    { fault: { kind: 'goodbye' }, wire: '421 Service not available, closing.\r\n' },
    { fault: { kind: 'code', code: 450 }, wire: '450 Fault injected.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'garbage' }, wire: '\xfe\x80\x002\xc3(\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'nul' }, wire: '200 \0NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'iac' }, wire: '200 \xff\xfb\x01NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'cr-nul' }, wire: '200 \r\0NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'megabyte' }, wire: `200 ${'x'.repeat(1 << 20)}\r\n215 UNIX Type: L8\r\n` },
    { fault: { kind: 'doubled' }, wire: '200 NOOP okay.\r\n200 NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'swapped' }, wire: '215 UNIX Type: L8\r\n200 NOOP okay.\r\n' },
    { fault: { kind: 'extra' }, wire: '200 Nobody asked.\r\n200 NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    {
      fault: { kind: 'look-alike' },
      wire: '200-begin\r\n 200 not the end\r\n226 not this reply\r\n200-still going on\r\n\r\n200 NOOP okay.\r\n215 UNIX Type: L8\r\n',
    },
    { fault: { kind: 'cut', bytes: 5 }, wire: '200 NOOP okay.\r\n215 UNIX Type: L8\r\n' },
    { fault: { kind: 'merged' }, wire: '200 NOOP okay.\r\n215 UNIX Type: L8\r\n' },
  ];

  for (const { fault, wire } of replies) {
    it(`reply: ${fault.kind}`, async () => {
      const { client, script } = await plan({ point: 'reply(NOOP,1)', ...fault });
      const chunks: Buffer[] = [];
      const ended = new Promise((resolve) => client.socket.once('close', resolve));
      const enough = new Promise<void>((resolve) => {
        client.socket.on('data', (bytes) => {
          chunks.push(bytes);
          if (Buffer.concat(chunks).length >= wire.length) resolve();
        });
      });
      client.say('NOOP\r\nSYST\r\n');
      await Promise.race([ended, wire === '' ? ended : enough]);
      assert.equal(Buffer.concat(chunks).toString('latin1'), wire);
      assert.equal(script.fired, 1);
    });
  }

  it('a persistent fault fires again, until it is healed', async () => {
    const { client, script } = await plan({ point: 'reply(NOOP,2)', kind: 'code', code: 450, once: false });
    assert.match(await client.ask('NOOP'), /^200/);
    assert.match(await client.ask('NOOP'), /^450/);
    assert.match(await client.ask('NOOP'), /^450/);
    assert.equal(script.fired, 2);
    script.heal();
    assert.match(await client.ask('NOOP'), /^200/);
  });

  async function download(fault: Fault): Promise<{ text: string; final: string; fired: number }> {
    const { client, script } = await plan(fault);
    const data = await client.passive();
    assert.match(await client.ask('RETR ten'), /^150/);
    const text = await data.all;
    return { text, final: (await client.reply()).slice(0, 3), fired: script.fired };
  }

  const downloads: { fault: Omit<Fault, 'point'>; point?: string; text: string; final: string }[] = [
    { fault: { kind: 'cut' }, text: '012345', final: '226' },
    { fault: { kind: 'cut', code: 426 }, text: '012345', final: '426' },
    { fault: { kind: 'cut', code: 451, bytes: 0 }, text: '0123', final: '451' },
    { fault: { kind: 'trickle', milliseconds: 1 }, text: '0123456789', final: '226' },
    { fault: { kind: 'more' }, text: '012345674567and more than was announced89', final: '226' },
    { point: 'fin(data)', fault: { kind: 'late', milliseconds: 2 }, text: '0123456789', final: '226' },
  ];

  for (const { fault, point = 'in(data,2)', text, final } of downloads) {
    it(`download: ${fault.kind} at ${point}, ${final}`, async () => {
      assert.deepEqual(await download({ point, ...fault }), { text, final, fired: 1 });
    });
  }

  it('download: reset, 426', async () => {
    const { final, fired } = await download({ point: 'in(data,2)', kind: 'reset' });
    assert.deepEqual({ final, fired }, { final: '426', fired: 1 });
  });

  it('download: the final reply comes with the first, and once', async () => {
    const { client } = await plan({ point: 'reply(RETR,1)', kind: 'early-final' });
    const data = await client.passive();
    client.say('RETR ten\r\n');
    assert.equal(await data.all, '0123456789');
    assert.match(await client.reply(), /^150/);
    assert.match(await client.reply(), /^226/);
    assert.match(await client.ask('NOOP'), /^200/);
  });

  async function offered(client: RawClient): Promise<Data | string> {
    return client.passive().catch((error: NodeJS.ErrnoException) => error.code ?? '');
  }

  it('connect: refused, and then ended at once', async () => {
    const refused = await plan({ point: 'connect(data,1)', kind: 'refused' });
    assert.equal(await offered(refused.client), 'ECONNREFUSED');
    const ended = await plan({ point: 'connect(data,1)', kind: 'fin' });
    const data = await ended.client.passive();
    assert.equal(await data.all, '');
  });

  it('connect: reset', async () => {
    const { client } = await plan({ point: 'connect(data,1)', kind: 'reset' });
    const data = await offered(client);
    // Node may see the reset before it reports the connection.
    assert.match(typeof data === 'string' ? data : await data.all, /^(reset|ECONNRESET)$/);
  });

  it('connect: 425', async () => {
    const { client } = await plan({ point: 'connect(data,1)', kind: 'code' });
    assert.match(await client.ask('EPSV'), /^425/);
    assert.match(await client.ask('EPSV'), /^229/);
  });

  it('accept: refused; from another address; a stranger first', async () => {
    const dials: [Fault['kind'], string[]][] = [
      ['refused', []],
      ['other-address', ['127.0.0.2']],
      ['stranger', ['127.0.0.2', '127.0.0.1']],
    ];
    for (const [kind, expected] of dials) {
      const { client, script } = await plan({ point: 'accept(data,1)', kind });
      const { server: dtp, port } = await listenForData();
      ends.push(() => dtp.close());
      const from: string[] = [];
      const all = new Promise<void>((resolve) => {
        if (expected.length === 0) resolve();
        dtp.on('connection', (socket) => {
          if (from.push(socket.remoteAddress ?? '') === expected.length) resolve();
        });
      });
      assert.match(await client.ask(`EPRT |1|127.0.0.1|${port}|`), /^200/);
      assert.match(await client.ask('NLST docs'), expected.length === 0 ? /^425/ : /^150/);
      await all;
      assert.deepEqual(from, expected);
      assert.equal(script.fired, 1);
    }
  });

  it('file: full, denied, another client', async () => {
    const full = await plan({ point: 'file(write,1)', kind: 'full' });
    const data = await full.client.passive();
    assert.match(await full.client.ask('STOR new'), /^150/);
    await data.send('text');
    assert.match(await full.client.reply(), /^452/);
    const denied = await plan({ point: 'file(remove,1)', kind: 'denied' });
    assert.match(await denied.client.ask('DELE ten'), /^550 ten: Permission denied/);
    const other = await plan({
      point: 'file(stat,1)',
      kind: 'run',
      run: () => files.put('/late', ''),
    });
    assert.match(await other.client.ask('RNFR late'), /^350/);
  });

  it('file: killed, and the server is there again', async () => {
    const { client } = await plan({ point: 'file(rename,1)', kind: 'killed' });
    assert.match(await client.ask('RNFR ten'), /^350/);
    assert.equal(await client.ask('RNTO eleven'), 'closed');
    assert.ok(files.at('/ten'));
    assert.equal(files.at('/eleven'), undefined);
    const again = await RawClient.loggedIn(server.port);
    ends.push(() => again.close());
    assert.match(await again.ask('NOOP'), /^200/);
  });

  it('file: killed for good', async () => {
    const { client } = await plan({ point: 'file(rename,1)', kind: 'killed-for-good' });
    assert.match(await client.ask('RNFR ten'), /^350/);
    assert.equal(await client.ask('RNTO eleven'), 'closed');
    await assert.rejects(RawClient.open(server.port), { code: 'ECONNREFUSED' });
  });

  it('upload: 226 before the end, a reset, a FIN of the server', async () => {
    const early = await plan({ point: 'out(data,1)', kind: 'early-final' });
    const first = await early.client.passive();
    assert.match(await early.client.ask('STOR new'), /^150/);
    first.socket.write('text');
    assert.match(await early.client.reply(), /^226 Already/);
    await first.send('');
    assert.match(await early.client.ask('NOOP'), /^200/);
    const reset = await plan({ point: 'out(data,1)', kind: 'reset' });
    const second = await reset.client.passive();
    assert.match(await reset.client.ask('STOR new'), /^150/);
    second.socket.write('text');
    assert.match(await reset.client.reply(), /^426/);
    const fin = await plan({ point: 'out(data,1)', kind: 'fin' });
    const third = await fin.client.passive();
    assert.match(await fin.client.ask('STOR new'), /^150/);
    third.socket.write('text');
    assert.equal(await third.all, '');
  });

  it('commands: a segment that is lost', () => {
    const script = new FaultScript({ point: 'out(control,2)', kind: 'silence' });
    const fact = { kind: 'control-bytes', bytes: Uint8Array.of(10) } as const;
    assert.deepEqual(script.fact(fact), { facts: [fact], actions: [] });
    assert.deepEqual(script.fact(fact), { facts: [], actions: [] });
    assert.deepEqual(script.fact(fact), { facts: [fact], actions: [] });
  });

  it('commands: a segment that ends the session', async () => {
    const { client, script } = await plan({ point: 'out(control,4)', kind: 'close' });
    assert.equal(await client.ask('NOOP'), 'closed');
    assert.equal(script.fired, 1);
  });
});
