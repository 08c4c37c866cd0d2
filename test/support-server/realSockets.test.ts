import assert from 'node:assert/strict';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import type { ServerOptions } from '../support/server/referenceServer';
import { ReferenceServer } from '../support/server/referenceServer';
import { sampleFiles } from './dialogue';
import { listenForData, RawClient } from './rawClient';

describe('reference server on real sockets', () => {
  const ends: (() => unknown)[] = [];

  async function start(options: Partial<ServerOptions> = {}): Promise<ReferenceServer> {
    const { network, clock } = nodeEnvironment();
    const server = await ReferenceServer.start({ network, clock, files: sampleFiles(), ...options });
    ends.push(() => server.stop());
    return server;
  }

  async function logIn(server: ReferenceServer): Promise<RawClient> {
    const client = await RawClient.loggedIn(server.port, server.host);
    ends.push(() => client.close());
    return client;
  }

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('downloads and uploads over passive data connections', async () => {
    const files = sampleFiles();
    const client = await logIn(await start({ files }));
    await client.ask('TYPE I');
    const down = await client.passive();
    assert.match(await client.ask('RETR a.txt'), /^150/);
    assert.equal(await down.all, 'one\ntwo\n');
    assert.match(await client.reply(), /^226/);
    const up = await client.passive();
    assert.match(await client.ask('STOR up.txt'), /^150/);
    await up.send('upward');
    assert.match(await client.reply(), /^226/);
    assert.equal(files.text('/up.txt'), 'upward');
  });

  it('moves a megabyte each way', async () => {
    const files = sampleFiles();
    const text = 'x'.repeat(1 << 20);
    files.put('/big', text);
    const client = await logIn(await start({ files }));
    await client.ask('TYPE I');
    const down = await client.passive();
    client.say('RETR big\r\n');
    assert.equal(await down.all, text);
    assert.match(await client.reply(), /^150/);
    assert.match(await client.reply(), /^226/);
    const up = await client.passive();
    client.say('STOR big2\r\n');
    await up.send(text);
    assert.match(await client.reply(), /^150/);
    assert.match(await client.reply(), /^226/);
    assert.equal(files.text('/big2'), text);
  });

  it('dials an announced port from L-1', async () => {
    const server = await start();
    const client = await logIn(server);
    const { server: dtp, port, arrived } = await listenForData();
    ends.push(() => dtp.close());
    assert.match(await client.ask(`EPRT |1|127.0.0.1|${port}|`), /^200/);
    client.say('NLST docs\r\n');
    const data = await arrived;
    assert.equal(data.socket.remotePort, server.port - 1);
    assert.equal(await data.all, 'Grüße.txt\r\n');
    assert.match(await client.reply(), /^150/);
    assert.match(await client.reply(), /^226/);
  });

  it('without PORT and PASV it dials the port of the control connection', async () => {
    const server = await start();
    const client = await RawClient.loggedIn(server.port, server.host, 0);
    ends.push(() => client.close());
    const { server: dtp, port, arrived } = await listenForData(client.socket.localPort);
    ends.push(() => dtp.close());
    client.say('NLST docs\r\n');
    const data = await arrived;
    assert.equal(port, client.socket.localPort);
    assert.equal(data.socket.remotePort, server.port - 1);
    assert.equal(await data.all, 'Grüße.txt\r\n');
    assert.match(await client.reply(), /^150/);
    assert.match(await client.reply(), /^226/);
  });

  it('serves IPv6', async () => {
    const server = await start({ host: '::1' });
    const client = await logIn(server);
    assert.match(await client.ask('PASV'), /^425/);
    const data = await client.passive();
    assert.match(await client.ask('NLST docs'), /^150/);
    assert.equal(await data.all, 'Grüße.txt\r\n');
  });

  it('keeps a log of both directions, and counts sessions', async () => {
    const server = await start();
    const client = await logIn(server);
    assert.match(await client.ask('NOOP'), /^200/);
    await logIn(server);
    assert.deepEqual(server.commands(), ['USER web', 'PASS secret', 'NOOP', 'USER web', 'PASS secret']);
    assert.deepEqual(server.dialogue(1).slice(-2), ['C: NOOP', 'S: 200 NOOP okay.']);
    assert.equal(server.sessions, 2);
    assert.equal(server.connected, 2);
  });

  it('ends sessions and files when it is stopped', async () => {
    const server = await start();
    const client = await logIn(server);
    const data = await client.passive();
    assert.match(await client.ask('STOR half.txt'), /^150/);
    await server.stop();
    assert.equal(await client.reply(), 'closed');
    assert.equal(await data.all, 'reset');
    assert.equal(server.connected, 0);
  });
});
