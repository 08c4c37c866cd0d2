import assert from 'node:assert/strict';
import type { TlsVersion } from '../../src/ftp';
import { note } from '../support/note';
import {
  type SecureServer,
  type SecureServerName,
  type Visit,
  authorities,
  bytesOf,
  dataConnections,
  nothingOpen,
  startSecureServer,
  visit,
} from './tlsStage';

interface Combination {
  readonly name: SecureServerName;
  readonly security: 'explicit' | 'implicit';
  readonly way: 'passive' | 'active';
  readonly version: TlsVersion;
}

/** Enough to use up any number of tickets that a server hands out at once, and vsftpd's and ProFTPD's memory of them. */
const smallTransfers = 300;
const small = bytesOf(100);
const large = bytesOf(1_000_000);

/** Every way to reach these servers, each with all that a data connection is for. */
export function describeMatrix(names: readonly SecureServerName[]): void {
  for (const combination of names.flatMap(combinationsOf)) {
    const { name, security, way, version } = combination;
    describe(`${name}, ${security}, ${way}, ${version}`, () => cases(combination));
  }
}

function combinationsOf(name: SecureServerName): Combination[] {
  // Pure-FTPd has no implicit TLS, and this is no reason to skip anything.
  const securities = name === 'pure-ftpd' ? (['explicit'] as const) : (['explicit', 'implicit'] as const);
  return securities.flatMap((security) =>
    (['passive', 'active'] as const).flatMap((way) =>
      (['TLSv1.2', 'TLSv1.3'] as const).map((version) => ({ name, security, way, version })),
    ),
  );
}

function cases(combination: Combination): void {
  const { name, security, way, version } = combination;
  let server: SecureServer;
  let client: Visit;

  before(async function () {
    server = await startSecureServer(this, name, version, security === 'implicit');
    client = await visit(server, { security, dataConnection: way, tls: { authorities } });
  });

  after(async () => {
    await client?.close();
    await server?.stop();
    await nothingOpen();
  });

  it('lists', async () => {
    server.put('one.txt', small);
    server.put('two.bin', large);
    const entries = await client.session.list(server.at(''));
    assert.deepEqual(entries.map((entry) => [entry.name, entry.size]).sort(), [
      ['one.txt', small.length],
      ['two.bin', large.length],
    ]);
  });

  it('reads', async () => {
    assert.ok(Buffer.from(large).equals(await client.session.read(server.at('two.bin'))));
  });

  it('writes', async () => {
    await client.session.write(server.at('three.bin'), large);
    assert.ok(Buffer.from(large).equals(server.get('three.bin') ?? Buffer.alloc(0)));
  });

  it('writes and reads an empty file', async () => {
    await client.session.write(server.at('empty'), new Uint8Array());
    assert.equal(server.get('empty')?.length, 0);
    assert.equal((await client.session.read(server.at('empty'))).length, 0);
  });

  it(`goes on for ${smallTransfers} small transfers`, async () => {
    for (let count = 0; count < smallTransfers; count += 2) {
      const place = server.at(`small${count % 10}`);
      await client.session.write(place, small);
      assert.ok(Buffer.from(small).equals(await client.session.read(place)));
    }
  });

  it('did it all in TLS, on one control connection', () => {
    assert.equal(client.session.security?.protocol, version);
    assert.equal(client.events.at(-1)?.connection, 1);
    const opened = dataConnections(client.events);
    const resumed = opened.filter(({ tls }) => tls?.resumed).length;
    const share = `${resumed} of ${opened.length} data connections resumed`;
    note(`${name} ${security} ${way} ${version}: ${share}, ${client.session.security.cipher}`);
    // vsftpd lists without one.
    assert.ok(opened.length >= smallTransfers + 4);
    assert.deepEqual([...new Set(opened.map(({ tls }) => tls?.protocol))], [version]);
    const methods = way === 'passive' ? ['EPSV', 'PASV'] : ['EPRT', 'PORT'];
    assert.ok(opened.every(({ method }) => method && methods.includes(method)));
    assert.equal(resumed, handsOutTickets(combination) ? opened.length : 0, share);
  });
}

/** Pure-FTPd 1.0.50 gives none in TLS 1.3, and wants none. vsftpd and ProFTPD hang up on who does not resume. */
function handsOutTickets({ name, version }: Combination): boolean {
  return name !== 'pure-ftpd' || version === 'TLSv1.2';
}
