// Runs the reference server: npx tsx test/support/server/main.ts --root DIR --port 0 [--host 127.0.0.1]
// [--certificate selfSigned: two more ports over the same folder, for explicit and for implicit TLS]
import { parseArgs } from 'node:util';
import { nodeEnvironment } from '../../../src/ftp/net/nodeEnvironment';
import { FolderFiles } from './folderFiles';
import { ReferenceServer } from './referenceServer';
import { certificateNames, type TlsOptions } from './tls/tlsSettings';

/**
 * Prints one line of JSON, `{"host":…,"port":…}`, with `explicitPort` and `implicitPort` where TLS was asked for; ends
 * on SIGTERM, SIGINT, or when standard input is closed.
 */
async function main(): Promise<void> {
  // First of all: a signal that comes while it starts ends it in good order, too.
  const told = toldToEnd();
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      certificate: { type: 'string' },
    },
  });
  if (values.root === undefined) throw new Error('--root is missing: the folder to serve.');
  const certificate = certificateNames.find((name) => name === values.certificate);
  if (values.certificate !== undefined && !certificate) {
    throw new Error(`--certificate is one of ${certificateNames.join(', ')}.`);
  }
  const { network, clock } = nodeEnvironment();
  const files = await FolderFiles.open(values.root);
  const port = Number(values.port);
  const options = { network, clock, files, host: values.host };
  const secure = (tls: TlsOptions): Promise<ReferenceServer> =>
    ReferenceServer.start({ ...options, tls: { ...tls, required: 'control and data' } });
  const server = await ReferenceServer.start(port === 0 ? options : { ...options, port });
  const explicit = certificate && (await secure({ certificate }));
  const implicit = certificate && (await secure({ certificate, implicit: true }));
  const ports = { port: server.port, explicitPort: explicit?.port, implicitPort: implicit?.port };
  console.log(JSON.stringify({ host: server.host, ...ports }));
  await told;
  for (const each of [server, explicit, implicit]) await each?.stop();
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
