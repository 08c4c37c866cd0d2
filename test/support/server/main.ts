// Runs the reference server: npx tsx test/support/server/main.ts --root DIR --port 0 [--host 127.0.0.1]
import { parseArgs } from 'node:util';
import { nodeEnvironment } from '../../../src/ftp/net/nodeEnvironment';
import { FolderFiles } from './folderFiles';
import { ReferenceServer } from './referenceServer';

/** Prints one line of JSON, `{"port":…}`; ends on SIGTERM, SIGINT, or when standard input is closed. */
async function main(): Promise<void> {
  // First of all: a signal that comes while it starts ends it in good order, too.
  const told = toldToEnd();
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  });
  if (values.root === undefined) throw new Error('--root is missing: the folder to serve.');
  const { network, clock } = nodeEnvironment();
  const files = await FolderFiles.open(values.root);
  const port = Number(values.port);
  const options = { network, clock, files, host: values.host };
  const server = await ReferenceServer.start(port === 0 ? options : { ...options, port });
  console.log(JSON.stringify({ host: server.host, port: server.port }));
  await told;
  await server.stop();
  process.stdin.destroy();
}

function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    // Not `once`: without a handler, a second signal would kill the process while it closes its files.
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
    process.stdin.once('end', resolve).once('close', resolve).resume();
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
