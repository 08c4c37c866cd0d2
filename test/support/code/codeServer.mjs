// VS Code's own server on a free port of 127.0.0.1, to be opened with a browser.
import { mkdirSync, writeFileSync } from 'node:fs';
import { ended, firstLine, launch, run, stop } from '../../../scripts/processes.mjs';
import { installCodeServer } from './installCodeServer.mjs';

/**
 * Starts it. `userData`: a folder for settings, logs and extensions. `environment` reaches the extension host.
 * `settings`: VS Code's own, besides those that keep it quiet.
 * Answers `{ origin, address(what), ended, stop() }`.
 */
export async function startCodeServer({ userData, environment = {}, settings = {}, say = () => {} }) {
  const main = await installCodeServer(say);
  writeSettings(userData, settings);
  const env = { ...process.env, ...environment };
  const child = launch(process.execPath, [main, ...network, trust, ...options(userData)], { env });
  // Extension host agent listening on 40213
  const port = await firstLine(child, (line) => /listening on (\d+)/.exec(line)?.[1]);
  const authority = `127.0.0.1:${port}`;
  return {
    origin: `http://${authority}`,
    address: (what) => `http://${authority}/?${query(authority, what)}`,
    ended: ended(child),
    stop: () => stop(child),
  };
}

/** Installs a .vsix file for servers started later with the same `userData`. */
export async function installExtension(file, { userData, say = () => {} }) {
  const main = await installCodeServer(say);
  const args = [main, '--install-extension', file, ...options(userData)];
  const { code, output } = await run(process.execPath, args);
  if (code !== 0) throw new Error(`${file} could not be installed:\n${output}`);
}

/** Replaces the settings; a VS Code that runs on `userData` follows. The page opens on the folder, not on a tour. */
export function writeSettings(userData, settings) {
  const folder = `${userData}/data/Machine`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/settings.json`,
    JSON.stringify({ 'workbench.startupEditor': 'none', ...settings }),
  );
}

const network = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
// What is opened here is ours, and a question would stand before everything else.
const trust = '--disable-workspace-trust';

function options(userData) {
  return ['--accept-server-license-terms', '--disable-telemetry', '--server-data-dir', userData];
}

// ?folder=ftp://web@127.0.0.1:2121/&payload=[["extensionDevelopmentPath","vscode-remote://127.0.0.1:40213/home/me/portside"]]
function query(authority, { folder, extensionPath, extensionTestsPath }) {
  const remote = (path) => `vscode-remote://${authority}${encodeURI(path)}`;
  const payload = [];
  if (extensionPath) payload.push(['extensionDevelopmentPath', remote(extensionPath)]);
  if (extensionTestsPath) payload.push(['extensionTestsPath', remote(extensionTestsPath)]);
  const parameters = [];
  if (folder) parameters.push(`folder=${encodeURIComponent(folder)}`);
  if (payload.length > 0) parameters.push(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
  return parameters.join('&');
}
