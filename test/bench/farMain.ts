// Runs at the far end of the long link: FTP daemons, and somebody to ask about the link and about them. Until its
// input ends.
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { nodeEnvironment } from '../../src/ftp';
import { DaemonMissing, startDaemon, type Daemon, type DaemonName } from '../servers/daemon';
import { account } from '../servers/daemonRecipe';
import type { BenchServer } from './contestants/contestant';
import { LargeFiles } from './largeFiles';
import { goFirst } from './goFirst';
import { patternFile } from './patterns';
import { benchContent, benchFiles, benchFolder } from './rows';
import { ScriptedClient } from './scriptedClient';

/** What the first line of output says, as JSON. */
export interface FarEnd {
  /**
   * `echo` is answered at once; `login <daemon>` with the milliseconds from connecting to 230 over the loopback: the
   * server's own, which no client can save; `make` and `check` deal with large files (see LargeFiles).
   */
  readonly helpPort: number;
  readonly servers: readonly FarServer[];
  readonly missing: readonly string[];
}

export interface FarServer extends BenchServer {
  readonly name: DaemonName;
}

async function main([address = '', ...names]: readonly string[]): Promise<void> {
  goFirst();
  const daemons: Daemon[] = [];
  const missing: string[] = [];
  for (const name of names as DaemonName[]) {
    try {
      daemons.push(await startDaemon(name, { options: { address } }));
    } catch (error) {
      if (!(error instanceof DaemonMissing)) throw error;
      missing.push(error.message);
    }
  }
  const servers = daemons.map(prepare);
  const large = new LargeFiles(daemons);
  const help = await offerHelp(address, servers, large);
  const end: FarEnd = { helpPort: (help.address() as AddressInfo).port, servers, missing };
  console.log(JSON.stringify(end));
  process.stdin.resume();
  await once(process.stdin, 'end');
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  process.exit();
}

function prepare(daemon: Daemon): FarServer {
  const { name, host, port, user, password, home, root } = daemon;
  const folder = path.join(root, benchFolder);
  mkdirSync(folder);
  chownSync(folder, account.uid, account.gid);
  for (const file of benchFiles) writeFileSync(path.join(folder, file), benchContent);
  writeFileSync(path.join(root, patternFile), benchContent);
  return { name, host, port, user, password, home };
}

async function offerHelp(address: string, servers: readonly FarServer[], large: LargeFiles): Promise<Server> {
  const help = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    const answer = (text: string) => socket.write(`${text}\n`);
    createInterface({ input: socket }).on('line', (line) => {
      const [verb, name, size, file = ''] = line.split(' ');
      const server = servers.find((each) => each.name === name);
      if (verb === 'login' && server) timeOfLogin(server).then(String, String).then(answer, answer);
      else if (verb === 'make' && server) answer(large.make(server.name, Number(size)));
      else if (verb === 'check' && server) answer(large.check(server.name, Number(size), file));
      else answer(line);
    });
  });
  help.listen({ host: address, port: 0 });
  await once(help, 'listening');
  return help;
}

async function timeOfLogin(server: BenchServer): Promise<number> {
  const { network } = nodeEnvironment();
  const began = performance.now();
  const client = await ScriptedClient.open(
    { network, now: () => began, pause: () => Promise.resolve() },
    server,
  );
  client.close();
  return performance.now() - began;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
