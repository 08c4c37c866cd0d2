// A real VS Code from the npm registry, for machines without a desktop: the package code-server carries the
// workbench and the extension host of VS Code 1.100.3.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { install, installPackage, packageFolder } from '../../../scripts/npmPackage.mjs';
import { npm } from '../../../scripts/processes.mjs';

const version = '4.100.3';

/** Installs it once (some 45 s, 320 MB) and answers the path of its server-main.js. Throws with npm's words. */
export async function installCodeServer(say) {
  const main = `${packageFolder('code-server', version)}/lib/vscode/out/server-main.js`;
  if (existsSync(main)) return main;
  say(`Installing code-server ${version}, a VS Code for the browser (once, about a minute) …`);
  await installPackage('code-server', version, async (folder) => {
    const code = `${folder}/lib/vscode`;
    say('Installing what VS Code itself needs …');
    await Promise.all([install(code, ['--omit=dev']), install(`${code}/extensions`, ['--omit=dev'])]);
    await buildNativeParts(code);
  });
  return main;
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
