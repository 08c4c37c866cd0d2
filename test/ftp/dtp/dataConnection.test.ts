import assert from 'node:assert/strict';
import { DataConnection } from '../../../src/ftp/dtp/dataConnection';
import { NetError, type Connection, type Receiver } from '../../../src/ftp/net/network';

/** A connection that does what the test says. */
class Scripted {
  receiver: Receiver | undefined;
  readonly calls: string[] = [];
  readonly connection: Connection;

  constructor() {
    const noted = (name: string) => (): void => void this.calls.push(name);
    const end = { host: '10.0.0.1', port: 1, family: 4 } as const;
    this.connection = {
      ...{ local: end, remote: end },
      receive: (receiver) => (this.receiver = receiver),
      pause: noted('pause'),
      resume: noted('resume'),
      write: () => true,
      writeAll: () => true,
      drained: () => Promise.resolve(),
      end: noted('end'),
      reset: noted('reset'),
      close: noted('close'),
      duplex: () => assert.fail('Nobody asked for TLS.'),
    };
  }

  get peer(): Receiver {
    return this.receiver ?? assert.fail('Nobody reads.');
  }
}

class User implements Receiver {
  heard = '';
  data = (bytes: Uint8Array): void => void (this.heard += `${bytes.join()};`);
  end = (): void => void (this.heard += 'end');
  fault = (error: NetError): void => void (this.heard += error.fault);
}

const reset = new NetError('reset', 'read', 'Reset.');

describe('a data connection that was made ready', () => {
  const stories: readonly [string, (peer: Receiver) => void, string][] = [
    // Story: an empty file was waited for until the stall timer, because its end had come too early.
    ['the end of an empty file', (peer) => peer.end(), 'end'],
    [
      'a small file',
      (peer) => {
        const bytes = Uint8Array.of(1, 2);
        peer.data(bytes);
        bytes.fill(0);
        peer.end();
      },
      '1,2;end',
    ],
    ['a reset', (peer) => peer.fault(reset), 'reset'],
  ];
  for (const [title, tell, heard] of stories) {
    it(`keeps what comes between the command and its user: ${title}`, async () => {
      const scripted = new Scripted();
      const made = new DataConnection(scripted.connection, 'EPSV');
      made.watch(() => assert.fail('It is wanted.'));
      made.expect();
      tell(scripted.peer);
      const user = new User();
      made.attach(user);
      assert.equal(user.heard, '', 'not from inside attach');
      await Promise.resolve();
      assert.equal(user.heard, heard);
    });

    it(`hands on what comes while it hands over: ${title}`, async () => {
      const scripted = new Scripted();
      const made = new DataConnection(scripted.connection, 'EPSV');
      made.watch(() => assert.fail('It is wanted.'));
      made.expect();
      const user = new User();
      made.attach(user);
      tell(scripted.peer);
      await Promise.resolve();
      assert.equal(user.heard, heard);
    });
  }

  it('flows once its user is there', async () => {
    const scripted = new Scripted();
    const made = new DataConnection(scripted.connection, 'EPSV');
    made.watch(() => undefined);
    made.expect();
    made.attach(new User());
    await Promise.resolve();
    assert.deepEqual(scripted.calls, ['pause', 'resume']);
  });

  it('is of no use once it has ended while nobody wanted it', () => {
    const scripted = new Scripted();
    const made = new DataConnection(scripted.connection, 'EPSV');
    let gone = 0;
    made.watch(() => gone++);
    scripted.peer.end();
    assert.deepEqual([gone, made.isReusable], [1, false]);
  });
});
