// Writes down what the real daemons say today: npx tsx test/servers/storeTranscripts.ts [daemon | daemon-tls …]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DaemonName, daemonNames, startDaemon } from './daemon';
import { probe } from './probe';
import { tlsProbe } from './tlsProbe';
import { secureDaemons } from './tlsStage';
import { transcriptFile } from './transcriptFile';

async function main(wanted: readonly string[]): Promise<void> {
  const among = (name: string) => wanted.length === 0 || wanted.includes(name);
  for (const name of daemonNames.filter(among)) store(name, await clearProbe(name));
  for (const name of secureDaemons) {
    if (among(`${name}-tls`)) store(`${name}-tls`, await tlsProbe(name));
  }
}

async function clearProbe(name: DaemonName): Promise<Map<string, string[]>> {
  const daemon = await startDaemon(name);
  try {
    const { host, port, user, password, home } = daemon;
    return await probe(host, port, user, password, home);
  } finally {
    await daemon.stop();
  }
}

function store(name: Parameters<typeof transcriptFile>[0], transcripts: Map<string, string[]>): void {
  const folder = path.dirname(transcriptFile(name, ''));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [dialogue, lines] of transcripts) {
    writeFileSync(transcriptFile(name, dialogue), `${lines.join('\n')}\n`, 'latin1');
  }
  console.log(`${name}: ${transcripts.size} transcripts`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
