import { posix } from 'node:path';
import { Dialogue } from './dialogue';
import { type Account, dialogues, strangers } from './dialogues';
import { makeProbeFolder, probeFolderName, removeProbeFolder } from './probeFolder';
import { type Setting, withSymbols } from './transcriptSymbols';
import { WireClient } from './wireClient';
import { withoutJokes } from './withoutJokes';

export const dialogueNames: readonly string[] = [...Object.keys(strangers), ...Object.keys(dialogues)];

/**
 * Holds every dialogue with an FTP server, each on a control connection of its own, and answers what was said:
 * name of the dialogue → lines (`C:`, `S:`, `D:`, `X:`, see Dialogue), with symbols for what differs between runs.
 *
 * Two servers that differ in a line behave differently to a client. The server needs a folder `home` (its absolute
 * FTP path) which this account may write to; it is left as it was.
 */
export async function probe(
  host: string,
  port: number,
  user: string,
  password: string,
  home: string,
): Promise<Map<string, string[]>> {
  const folder = posix.join(home, probeFolderName);
  const setting = { user, password, home, folder, port };
  const transcripts = new Map<string, string[]>();
  await withLogin(host, setting, (client) => makeProbeFolder(client, folder));
  try {
    for (const [name, talk] of Object.entries(strangers)) {
      const client = await WireClient.connect(host, port);
      transcripts.set(
        name,
        await transcriptOf(new Dialogue(client), setting, (server) => talk(server, setting)),
      );
    }
    for (const [name, talk] of Object.entries(dialogues)) {
      const client = await logIn(host, setting);
      await client.command(`CWD ${folder}`);
      transcripts.set(name, await transcriptOf(new Dialogue(client), setting, talk));
    }
  } finally {
    await withLogin(host, setting, (client) => removeProbeFolder(client, folder));
  }
  return transcripts;
}

/** A dialogue that breaks off is a finding, not a failure of the probe: the transcript says how it ended. */
export async function transcriptOf<Kind extends Dialogue>(
  dialogue: Kind,
  setting: Setting,
  talk: (server: Kind) => Promise<void>,
  patience = dialogueTimeout,
): Promise<string[]> {
  try {
    await within(patience, talk(dialogue));
  } catch (error) {
    dialogue.lines.push(`X: ${(error as Error).message}`);
  } finally {
    dialogue.end();
  }
  return withoutJokes(dialogue.lines)
    .filter((line) => !messageOfTheDay.test(line))
    .map((line) => withSymbols(line, setting));
}

/** vsftpd and Pure-FTPd let some five seconds pass before they refuse a login; all else is a matter of moments. */
const dialogueTimeout = 15_000;

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('nothing more happened')), milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** inetutils-ftpd shows the machine's own /etc/motd at login. */
const messageOfTheDay = /^S: 230- /;

async function withLogin(
  host: string,
  setting: Setting,
  work: (client: WireClient) => Promise<void>,
): Promise<void> {
  const client = await logIn(host, setting);
  try {
    await work(client);
  } finally {
    client.close();
  }
}

async function logIn(host: string, { port, user, password }: Setting & Account): Promise<WireClient> {
  const client = await WireClient.connect(host, port);
  await client.logIn(user, password);
  return client;
}
