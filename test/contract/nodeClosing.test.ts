import assert from 'node:assert/strict';
import type { Connection } from '../../src/ftp/net/network';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { Stage } from './stage';

/** Only one computer can show the order: between two, each connection takes its own time. */
describe('real sockets: the order of closing', () => {
  const { network } = nodeEnvironment();
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage({
      client: network,
      server: network,
      serverHost: '127.0.0.1',
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      held: () => nodeRegister.list(),
      run: (main) => main(),
    });
  });
  afterEach(() => stage.clear());

  it('closes behind the peer before anything that is written elsewhere afterwards', async () => {
    const [control, server] = await stage.pair();
    const order: string[] = [];
    listen(server, { data: () => order.push('command') });
    for (let round = 1; round <= 20; round++) {
      const [near, far] = await stage.pair();
      listen(far, { end: () => order.push('end') });
      const goOn = (): void => {
        near.close();
        control.write(Buffer.from('STOR next'));
      };
      listen(near, { end: goOn });
      far.end();
      await stage.until(() => order.length === 2 * round);
    }
    assert.deepEqual(order, Array(20).fill(['end', 'command']).flat());
  });
});

function listen(connection: Connection, on: { data?: () => void; end?: () => void }): void {
  connection.receive({
    data: () => on.data?.(),
    end: () => on.end?.(),
    fault: ({ message }) => assert.fail(message),
  });
}
