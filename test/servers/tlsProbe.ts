import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DaemonName, startDaemon } from './daemon';
import type { DaemonTls } from './daemonTls';
import { transcriptOf } from './probe';
import { probeFolderName } from './probeFolder';
import { SecureDialogue } from './secureDialogue';
import { strictDialogues, tlsDialogues } from './tlsDialogues';
import { WireClient } from './wireClient';

export const tlsDialogueNames: readonly string[] = [
  ...Object.keys(tlsDialogues),
  ...Object.keys(strictDialogues),
];

/** Holds every dialogue about TLS with a daemon: name → lines. Throws `DaemonMissing`. */
export async function tlsProbe(name: DaemonName): Promise<Map<string, string[]>> {
  return new Map([
    ...(await converse(name, {}, tlsDialogues)),
    ...(await converse(name, { required: 'control and data' }, strictDialogues)),
  ]);
}

/** Only pyftpdlib is ever silent: it waits for the close_notify of an upload. */
const patience = 5_000;

async function converse(
  name: DaemonName,
  tls: DaemonTls,
  dialogues: typeof tlsDialogues,
): Promise<Map<string, string[]>> {
  const daemon = await startDaemon(name, { options: { tls } });
  const setting = { ...daemon, folder: path.posix.join(daemon.home, probeFolderName) };
  const transcripts = new Map<string, string[]>();
  try {
    writeFileSync(path.join(daemon.root, 'letter.txt'), 'Dear Jon,\r\nthe boat is in.\r\n');
    for (const [dialogue, talk] of Object.entries(dialogues)) {
      const server = new SecureDialogue(await WireClient.connect(daemon.host, daemon.port));
      const lines = await transcriptOf(server, setting, () => talk(server, daemon), patience);
      transcripts.set(
        dialogue,
        lines.map((line) => line.replace(raced, 'S: <125 or 150>')),
      );
    }
  } finally {
    await daemon.stop();
  }
  return transcripts;
}

/** pyftpdlib, as the race falls between its data connection and the command. */
const raced = /^S: (125 Data connection already open|150 File status okay).*/;
