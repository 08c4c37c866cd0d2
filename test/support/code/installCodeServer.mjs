// A real VS Code from the npm registry, for machines without a desktop: the package code-server carries the
// workbench and the extension host of VS Code 1.100.3. It stays in .vscode-test/, which git ignores.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../../../scripts/processes.mjs';

const version = '4.100.3';
export const cacheFolder = fileURLToPath(new URL('../../../.vscode-test/', import.meta.url));
const installed = `${cacheFolder}code-server-${version}`;
const unfinished = `${cacheFolder}unfinished-`;
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** Installs it once (some 45 s, 320 MB) and answers the path of its server-main.js. Throws with npm's words. */
export async function installCodeServer(say) {
  const main = `${installed}/node_modules/code-server/lib/vscode/out/server-main.js`;
  if (existsSync(main)) return main;
  say(`Installing code-server ${version}, a VS Code for the browser (once, about a minute) …`);
  removeAbandoned();
  const folder = `${unfinished}${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  await install(folder, [`code-server@${version}`, ...quiet]);
  const code = `${folder}/node_modules/code-server/lib/vscode`;
  say('Installing what VS Code itself needs …');
  await Promise.all([
    install(code, ['--omit=dev', ...quiet]),
    install(`${code}/extensions`, ['--omit=dev', ...quiet]),
  ]);
  await buildNativeParts(code);
  adopt(folder);
  return main;
}

async function install(folder, args) {
  const { code, output } = await npm(['install', ...args], { cwd: folder });
  if (code !== 0) throw new Error(`npm install in ${folder} failed:\n${output}`);
}

// Log files and the watch over a dead parent. VS Code starts without them, so a missing C++ compiler is no obstacle.
async function buildNativeParts(code) {
  await npm(['rebuild', '@vscode/spdlog', 'native-watchdog'], {
    cwd: code,
    env: withOwnHeaders(process.env),
  });
}

// Most Node installations carry their C++ headers: then node-gyp need not download them.
function withOwnHeaders(env) {
  const prefix = path.resolve(process.execPath, '../..');
  const there = existsSync(`${prefix}/include/node/node.h`);
  return there && !env.npm_config_nodedir ? { ...env, npm_config_nodedir: prefix } : env;
}

// Another run may have finished first: its folder is as good as ours.
function adopt(folder) {
  if (existsSync(installed)) rmSync(folder, { recursive: true });
  else renameSync(folder, installed);
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
