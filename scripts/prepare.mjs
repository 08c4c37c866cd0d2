// Brings what a tier needs beyond npm packages. Answers undefined when it is there, else why it is not.
import { existsSync } from 'node:fs';
import { findChromium } from '../test/support/code/chromium.mjs';
import { findDesktopCode } from '../test/support/code/desktopCode.mjs';
import { installCodeServer } from '../test/support/code/installCodeServer.mjs';
import { projectFolder } from './dependencies.mjs';
import { installNode24 } from './node24.mjs';
import { run } from './processes.mjs';

export async function prepare(need, say) {
  try {
    return await needs[need](say);
  } catch (error) {
    return error.message;
  }
}

const needs = { browser, code, daemons, node24: installNode24 };

async function browser(say) {
  if (findChromium() || findDesktopCode()) return undefined;
  if (!isDebianRoot()) return 'there is no Chromium or Chrome on the PATH';
  say('Installing Chromium (apt-get) …');
  await aptInstall('chromium');
  return undefined;
}

async function code(say) {
  if (!findDesktopCode()) await installCodeServer(say);
  return undefined;
}

async function daemons(say) {
  const { installDaemons } = await import('./daemons.mjs');
  // A daemon that cannot be had is skipped, with its reason, by the tests that want it.
  await installDaemons({ log: say });
  return undefined;
}

function isDebianRoot() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

async function aptInstall(name) {
  const install = ['install', '-y', '--no-install-recommends', name];
  if ((await aptGet(install)).code === 0) return;
  await aptGet(['update']);
  const { code, output } = await aptGet(install);
  if (code !== 0) throw new Error(`apt-get ${install.join(' ')} failed:\n${output}`);
}

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return run('apt-get', args, { cwd: projectFolder, env });
}
