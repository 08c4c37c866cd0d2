import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import { nodeRegister } from '../../src/ftp/net/nodeRegister';
import { networkContract } from './networkContract';

networkContract('real sockets', () => {
  const { network } = nodeEnvironment();
  return {
    client: network,
    server: network,
    serverHost: '127.0.0.1',
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    held: () => nodeRegister.list(),
    run: (main) => main(),
  };
});
