// Writes down what the real daemons say today: npx tsx test/servers/storeTranscripts.ts [daemon …]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DaemonName, daemonNames, startDaemon } from './daemon';
import { probe } from './probe';
import { transcriptFile } from './transcriptFile';

async function main(wanted: readonly string[]): Promise<void> {
  for (const name of daemonNames) {
    if (wanted.length === 0 || wanted.includes(name)) await store(name);
  }
}

async function store(name: DaemonName): Promise<void> {
  const daemon = await startDaemon(name);
  try {
    const { host, port, user, password, home } = daemon;
    const transcripts = await probe(host, port, user, password, home);
    const folder = path.dirname(transcriptFile(name, ''));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [dialogue, lines] of transcripts) {
      writeFileSync(transcriptFile(name, dialogue), `${lines.join('\n')}\n`, 'latin1');
    }
    console.log(`${name}: ${transcripts.size} transcripts`);
  } finally {
    await daemon.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
