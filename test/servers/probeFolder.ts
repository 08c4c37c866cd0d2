import { type WireClient, sendAll } from './wireClient';

export const probeFolderName = 'portside-probe';

const files: Readonly<Record<string, Buffer>> = {
  'letter.txt': Buffer.from('Dear Jon,\r\nthe boat is in.\r\n'),
  '.hidden': Buffer.from('seen'),
  // More than all socket buffers between here and there, so that a transfer can be cut in its middle.
  'large.bin': Buffer.alloc(16 * 1024 * 1024, 'portside'),
};
/** What dialogues that a server took differently may leave behind. */
const leftovers = ['new.txt', 'newer.txt'];
const folders = ['new/inner', 'new', 'a "b"', 'caf\xc3\xa9', 'cellar'];

/** Makes the folder the dialogues happen in, by FTP alone: what is probed may be on no disk of ours. */
export async function makeProbeFolder(client: WireClient, folder: string): Promise<void> {
  await must(client, `MKD ${folder}`, '257');
  await must(client, `CWD ${folder}`, '250');
  await must(client, 'MKD cellar', '257');
  await must(client, 'TYPE I', '200');
  for (const [name, bytes] of Object.entries(files)) {
    const data = await client.openPassive();
    client.send(`STOR ${name}`);
    await sendAll(data, bytes);
    expect(`STOR ${name}`, await client.finalReply(), '226');
  }
}

export async function removeProbeFolder(client: WireClient, folder: string): Promise<void> {
  await must(client, `CWD ${folder}`, '250');
  for (const name of [...Object.keys(files), ...leftovers]) await client.command(`DELE ${name}`);
  for (const name of folders) await client.command(`RMD ${name}`);
  await client.command('CDUP');
  await must(client, `RMD ${folder}`, '250');
}

async function must(client: WireClient, command: string, code: string): Promise<void> {
  expect(command, await client.command(command), code);
}

function expect(command: string, lines: readonly string[], code: string): void {
  if (!lines.at(-1)?.startsWith(code)) throw new Error(`${command} answered ${lines.join(' / ')}`);
}
