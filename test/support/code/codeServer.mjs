// VS Code's own server on a free port of 127.0.0.1, to be opened with a browser.
import { mkdirSync, writeFileSync } from 'node:fs';
import { ended, firstLine, launch, stop } from '../../../scripts/processes.mjs';
import { installCodeServer } from './installCodeServer.mjs';

/**
 * Starts it. `userData`: a folder for settings, logs and extensions. `environment` reaches the extension host.
 * Answers `{ origin, address(what), ended, stop() }`.
 */
export async function startCodeServer({ userData, environment = {}, say = () => {} }) {
  const main = await installCodeServer(say);
  writeSettings(`${userData}/data/Machine`);
  const env = { ...process.env, ...environment };
  const child = launch(process.execPath, [main, ...options(userData)], { env });
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

// The page opens on the folder, not on a tour of VS Code.
function writeSettings(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/settings.json`, JSON.stringify({ 'workbench.startupEditor': 'none' }));
}

function options(userData) {
  const network = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
  return [...network, '--accept-server-license-terms', '--disable-telemetry', '--server-data-dir', userData];
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
