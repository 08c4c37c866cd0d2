// Programs from the npm registry which the tests need and the project does not: they stay in .vscode-test/, which
// git ignores.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './processes.mjs';

const cacheFolder = fileURLToPath(new URL('../.vscode-test/', import.meta.url));
const unfinished = `${cacheFolder}unfinished-`;
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** Where the package is once it has been installed. */
export function packageFolder(name, version) {
  return `${cacheFolder}${name}-${version}/node_modules/${name}`;
}

/** Installs the package unless it is there; `finish` gets its folder before anybody else sees it. Throws with npm's words. */
export async function installPackage(name, version, finish = async () => {}) {
  const installed = `${cacheFolder}${name}-${version}`;
  if (existsSync(installed)) return;
  removeAbandoned();
  const folder = `${unfinished}${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  await install(folder, [`${name}@${version}`]);
  await finish(`${folder}/node_modules/${name}`);
  // Another run may have finished first: its folder is as good as ours.
  if (existsSync(installed)) rmSync(folder, { recursive: true });
  else renameSync(folder, installed);
}

/** `npm install` in a folder. */
export async function install(folder, args) {
  const { code, output } = await npm(['install', ...args, ...quiet], { cwd: folder });
  if (code !== 0) throw new Error(`npm install in ${folder} failed:\n${output}`);
}

function removeAbandoned() {
  const folders = existsSync(cacheFolder) ? readdirSync(cacheFolder) : [];
  const prefix = path.basename(unfinished);
  const abandoned = folders.filter(
    (name) => name.startsWith(prefix) && !runs(Number(name.slice(prefix.length))),
  );
  for (const name of abandoned) rmSync(`${cacheFolder}${name}`, { recursive: true, force: true });
}

function runs(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
