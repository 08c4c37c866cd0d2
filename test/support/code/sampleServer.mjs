// The reference FTP server over a sample site of a few hundred files, for `npm start` and for tests in VS Code.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstLine, launch, run, stop } from '../../../scripts/processes.mjs';

const serverFolder = fileURLToPath(new URL('../server/', import.meta.url));
const cwd = fileURLToPath(new URL('../../../', import.meta.url));
export const user = 'web';
export const password = 'secret';

/** Starts it on a free port. Answers `{ port, root, user, password, stop() }`; `stop` removes the files as well. */
export async function startSampleServer() {
  const root = mkdtempSync(path.join(os.tmpdir(), 'portside-site-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  process.once('exit', remove);
  await fill(root);
  const args = ['--import', 'tsx', `${serverFolder}main.ts`, '--root', root, '--port', '0'];
  // It ends when its standard input does: also when this process dies without a word.
  const child = launch(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  // {"host":"127.0.0.1","port":40213}
  const port = await firstLine(child, (line) => (line.startsWith('{') ? JSON.parse(line).port : undefined));
  return { port, root, user, password, stop: () => stop(child).then(remove) };
}

async function fill(root) {
  const module = JSON.stringify(`${serverFolder}sampleSite.ts`);
  const program = `require(${module}).createSampleSite(${JSON.stringify(root)})`;
  const { code, output } = await run(process.execPath, ['--import', 'tsx', '--eval', program], { cwd });
  if (code !== 0) throw new Error(`The sample site could not be made:\n${output}`);
}
