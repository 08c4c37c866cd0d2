// npm start [-- ftp://user@host/path]: VS Code with an FTP server as its folder, Portside running in it.
// Without an address, the server is our own, over a sample site. Ctrl-C ends everything.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, projectFolder } from './dependencies.mjs';
import { ended, launch, run, stopAll, stopOnSignals } from './processes.mjs';

const extensionPath = path.resolve(projectFolder);
const userData = `${projectFolder}.vscode-test/start-${process.pid}`;
const removeUserData = () => rmSync(userData, { recursive: true, force: true });

stopOnSignals(removeUserData);
try {
  await main();
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
await stopAll();
removeUserData();

async function main() {
  const asked = givenAddress(process.argv.slice(2));
  await ensureDependencies(say);
  say('Building the extension …');
  await build();
  const folder = asked ?? (await startServer());
  // What follows needs the packages that were just installed.
  const { findCodeCommand } = await import('../test/support/code/desktopCode.mjs');
  const command = findCodeCommand();
  await (command ? openDesktop(command, folder) : openServer(folder));
}

function givenAddress(args) {
  if (args.length === 0) return undefined;
  if (args.length === 1 && /^(ftp|ftps|ftpes):\/\/[^/]/.test(args[0])) return args[0];
  throw new Error('Usage: npm start [-- ftp://user@host/path]');
}

async function build() {
  const { code, output } = await run(process.execPath, ['esbuild.mjs'], { cwd: projectFolder });
  if (code !== 0) throw new Error(`The build failed:\n${output}`);
}

async function startServer() {
  say('Starting an FTP server with a sample site …');
  const { startSampleServer } = await import('../test/support/code/sampleServer.mjs');
  const { port, user, password } = await startSampleServer();
  const address = `ftp://${user}@127.0.0.1:${port}/`;
  say(`FTP server: ${address} — its password is ${password}`);
  return address;
}

// A profile of its own makes it a process of its own, which Ctrl-C can end.
async function openDesktop(command, folder) {
  say('Opening VS Code …');
  const own = ['--user-data-dir', userData, '--disable-workspace-trust', '--new-window', '--wait'];
  const args = [`--extensionDevelopmentPath=${extensionPath}`, '--folder-uri', folder, ...own];
  const child = launch(command, args, { stdio: 'ignore', shell: process.platform === 'win32' });
  say('Press Ctrl-C to stop.');
  const code = await ended(child);
  if (code !== 0) throw new Error(`${command} ended with ${code}.`);
  say('VS Code was closed. The FTP server runs until you press Ctrl-C.');
  await new Promise(() => setInterval(() => {}, 60_000));
}

async function openServer(folder) {
  const { startCodeServer } = await import('../test/support/code/codeServer.mjs');
  say('There is no `code` on the PATH: VS Code runs in the browser instead.');
  const server = await startCodeServer({ userData, say });
  say(`Open  ${server.address({ folder, extensionPath })}`);
  say('Press Ctrl-C to stop.');
  const code = await server.ended;
  throw new Error(`VS Code's server ended with ${code}.`);
}

function say(line) {
  console.log(line);
}
