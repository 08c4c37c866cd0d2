// Serves one folder of many files on the loopback: `manyFilesMain.ts <count> mlsd|unix`. Prints its port; until its
// input ends.
import { once } from 'node:events';
import { nodeEnvironment } from '../../src/ftp';
import { MemoryFiles } from '../support/server/memoryFiles';
import { reference } from '../support/server/personas/reference';
import { vsftpd } from '../support/server/personas/vsftpd';
import { ReferenceServer } from '../support/server/referenceServer';

async function main([count, format]: readonly string[]): Promise<void> {
  const { network, clock } = nodeEnvironment();
  const files = new MemoryFiles();
  for (let n = 0; n < Number(count); n++) files.put(`/many/some file number ${n}.txt`, '');
  const persona = format === 'mlsd' ? reference : vsftpd;
  const server = await ReferenceServer.start({ network, clock, files, persona });
  console.log(`port ${server.port}`);
  process.stdin.resume();
  await once(process.stdin, 'end');
  await server.stop();
  process.exit();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
