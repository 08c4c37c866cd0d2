// What a fresh checkout lacks: the packages of the lock file.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { npm } from './processes.mjs';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = [20, 9];

/** Installs the packages when they are absent or older than the lock file. Throws with npm's own words. */
export async function ensureDependencies(say) {
  checkNode();
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  say('Installing packages (npm ci) …');
  const { code, output } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: projectFolder,
  });
  if (code !== 0) throw new Error(`npm ci failed:\n${output}`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

function modified(file) {
  return statSync(`${projectFolder}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
