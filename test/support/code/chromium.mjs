// A headless Chromium of the machine's, driven through playwright-core.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const quietFlags =
  '--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** The browser's executable, undefined when the machine has none. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const places = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...places, ...applications].find(isExecutable);
}

/** Starts it; the caller closes it. */
export async function launchChromium() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium on the PATH.');
  const { chromium } = await import('playwright-core');
  // A sandbox is refused to root, which is what a container runs as. Our own signal handlers end the browser.
  const args = ['--no-sandbox', ...quietFlags.split(' ')];
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launch({ executablePath, args, ...signals });
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
