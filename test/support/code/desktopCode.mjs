// The desktop VS Code of this machine, if there is one.
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** The command `code` on the PATH, undefined when there is none. */
export function findCodeCommand() {
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/**
 * The program behind the command: it stays in the foreground until its window closes, which a test run waits
 * for. Undefined without VS Code, and on a Linux without a display.
 */
export function findDesktopCode() {
  const command = findCodeCommand();
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!command || !hasDisplay) return undefined;
  const bin = path.dirname(realpathSync(command));
  // Linux: code/bin/code → code/code. macOS: …/Resources/app/bin/code → …/MacOS/Electron. Windows: bin\code.cmd → Code.exe
  const places = ['../code', '../../../MacOS/Electron', '../Code.exe'];
  return places.map((place) => path.resolve(bin, place)).find(existsSync);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
