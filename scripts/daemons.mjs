// Brings the real FTP daemons the tests run against, without installing anything on the machine.
//
// The Debian packages exclude one another, so each is unpacked into a folder of its own under
// `.vscode-test/daemons/`, together with the shared libraries this machine lacks. Stand-alone:
// `node scripts/daemons.mjs`.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const cache = fileURLToPath(new URL('../.vscode-test/daemons/', import.meta.url));

/** The longest of all steps is `apt-get update` on a slow mirror. */
const stepTimeout = 120_000;
/** Packages depend on one another five deep at most (ProFTPD: libmemcachedutil2, libmemcached11, libhashkit2). */
const dependencyDepth = 8;

/**
 * packages: what to unpack. programs: what must then be there and find its libraries.
 * nss_wrapper gives vsftpd and inetutils-ftpd, which know system accounts only, an account of our own
 * without a line in /etc/passwd.
 */
const recipes = {
  vsftpd: {
    packages: ['vsftpd', 'libnss-wrapper'],
    programs: ['usr/sbin/vsftpd', 'usr/lib/*/libnss_wrapper.so'],
  },
  proftpd: {
    packages: ['proftpd-core', 'proftpd-mod-crypto'],
    programs: ['usr/sbin/proftpd', 'usr/lib/proftpd/mod_deflate.so', 'usr/lib/proftpd/mod_tls.so'],
  },
  'pure-ftpd': {
    packages: ['pure-ftpd'],
    programs: ['usr/sbin/pure-ftpd', 'usr/bin/pure-pw'],
  },
  pyftpdlib: {
    // python3-cffi-backend is needed under a virtual name, which the search for dependencies passes by.
    packages: [
      ...['python3-pyftpdlib', 'python3-openssl', 'python3-cffi-backend'],
      ...(existsSync('/usr/bin/python3') ? [] : ['python3']),
    ],
    programs: [],
    python: true,
  },
  'inetutils-ftpd': {
    packages: ['inetutils-ftpd', 'libnss-wrapper'],
    programs: ['usr/sbin/ftpd', 'usr/lib/*/libnss_wrapper.so'],
  },
};

export const daemonNames = Object.keys(recipes);

/**
 * Finds or fetches every daemon.
 *
 * `installed` maps a daemon to the folder that is its root directory (`<folder>/usr/sbin/vsftpd`; `/` when the
 * machine has the package itself), `missing` maps it to the reason why it cannot be had.
 */
export async function installDaemons({ log = () => {} } = {}) {
  const installed = {};
  const missing = {};
  const update = once(() => {
    log('apt-get update');
    return execute('apt-get', ['update', '-q'], { timeout: stepTimeout });
  });
  await Promise.all(
    daemonNames.map(async (name) => {
      try {
        installed[name] = await find(name, update, log);
      } catch (error) {
        missing[name] = reasonOf(error);
      }
    }),
  );
  return { installed, missing };
}

/** The environment a program unpacked under `folder` needs to find its libraries. */
export function libraryEnvironment(folder) {
  if (folder === '/') return {};
  return {
    LD_LIBRARY_PATH: [...expand(folder, 'usr/lib/*-linux-*'), ...expand(folder, 'lib/*-linux-*')].join(':'),
    PYTHONPATH: path.join(folder, 'usr/lib/python3/dist-packages'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/** The Python interpreter to run pyftpdlib with. */
export function pythonOf(folder) {
  return existsSync('/usr/bin/python3') ? '/usr/bin/python3' : path.join(folder, 'usr/bin/python3');
}

/** Paths below `folder` that fit `pattern`, in which a whole path segment may hold one `*`. */
export function expand(folder, pattern) {
  return pattern
    .split('/')
    .reduce((found, segment) => found.flatMap((parent) => children(parent, segment)), [folder]);
}

function children(parent, segment) {
  const [head, tail] = segment.split('*');
  if (tail === undefined) return existsSync(path.join(parent, segment)) ? [path.join(parent, segment)] : [];
  if (!existsSync(parent)) return [];
  const names = readdirSync(parent).filter(
    (name) => name.startsWith(head) && name.includes(tail, head.length),
  );
  return names.map((name) => path.join(parent, name));
}

async function find(name, update, log) {
  if (process.platform !== 'linux') throw new Error(`runs on Linux only, this is ${process.platform}`);
  if (process.getuid() !== 0) throw new Error('a server that changes to its user needs root');
  // Named for what is in it: a recipe that has changed finds nothing from before.
  const cached = path.join(cache, recipes[name].packages.join('+'));
  if (existsSync(cached)) return cached;
  if ((await defect('/', recipes[name])) === undefined) return '/';
  log(`${name}: unpacking`);
  await unpack(recipes[name], cached, update);
  return cached;
}

/** Unpacks beside the final place and renames, so that an interrupted or parallel run leaves nothing half done. */
async function unpack(recipe, target, update) {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, '.unpacking-'));
  try {
    await complete(recipe, folder, update);
    await chmod(folder, 0o755); // the daemons' unprivileged halves read here too
    await rename(folder, target).catch((error) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Adds one level of dependencies after the other until the programs run. */
async function complete(recipe, folder, update) {
  let wanted = recipe.packages;
  const seen = new Set();
  for (let depth = 0; depth < dependencyDepth && wanted.length > 0; depth++) {
    wanted.forEach((name) => seen.add(name));
    await download(wanted, folder, update);
    if ((await defect(folder, recipe)) === undefined) return;
    const next = (await dependencies(wanted)).filter((name) => !seen.has(name));
    const present = await presentOnMachine(next);
    wanted = next.filter((name) => !present.has(name));
  }
  throw new Error(await defect(folder, recipe));
}

async function download(packages, folder, update) {
  const parcels = await mkdtemp(path.join(cache, '.parcels-'));
  const fetch = () =>
    execute('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', ...packages], {
      cwd: parcels,
      timeout: stepTimeout,
    });
  try {
    // A machine without package lists, or with outdated ones, needs an update first.
    await fetch().catch(async () => {
      // One unreachable source among several makes it fail; the packages may be there all the same.
      await update().catch(() => undefined);
      await fetch();
    });
    for (const file of await readdir(parcels)) {
      if (file.endsWith('.deb')) await execute('dpkg', ['-x', path.join(parcels, file), folder]);
    }
  } finally {
    await rm(parcels, { recursive: true, force: true });
  }
}

async function dependencies(packages) {
  const { stdout } = await execute('apt-cache', ['depends', '--important', ...packages]);
  const names = [...stdout.matchAll(/Depends: ([a-z0-9][a-z0-9.+-]*)/g)].map(([, name]) => name);
  return [...new Set(names)].filter((name) => /^(lib|python3)/.test(name));
}

async function presentOnMachine(packages) {
  if (packages.length === 0) return new Set();
  const format = '${Package} ${db:Status-Status}\n';
  // dpkg-query exits with 1 when one of the packages is unknown, and still prints the others.
  const { stdout } = await execute('dpkg-query', ['-W', '-f', format, ...packages]).catch((error) => error);
  const lines = String(stdout ?? '')
    .split('\n')
    .map((line) => line.split(' '));
  return new Set(lines.filter(([, status]) => status === 'installed').map(([name]) => name));
}

/** What keeps the daemon under `folder` from running; undefined when nothing does. */
async function defect(folder, recipe) {
  const env = { ...process.env, ...libraryEnvironment(folder) };
  if (recipe.python) {
    const tried = execute(pythonOf(folder), ['-W', 'ignore', '-c', 'import pyftpdlib.servers, OpenSSL'], {
      env,
    });
    return tried.then(
      () => undefined,
      (error) => reasonOf(error),
    );
  }
  for (const program of recipe.programs) {
    const [file] = expand(folder, program);
    if (file === undefined) return `${program} is missing`;
    const { stdout } = await execute('ldd', [file], { env });
    const absent = stdout.split('\n').find((line) => line.includes('not found'));
    if (absent !== undefined) return `${program}: ${absent.trim()}`;
  }
  return undefined;
}

function reasonOf(error) {
  if (error.code === 'ENOENT') return `${error.path} is not on this machine: install the package by hand`;
  const text = String(error.stderr ?? '').trim() || error.message;
  return text.split('\n').at(-1);
}

function once(work) {
  let running;
  return () => (running ??= work());
}

async function main() {
  const { installed, missing } = await installDaemons({ log: (line) => console.log(line) });
  for (const [name, folder] of Object.entries(installed)) console.log(`${name}: ${folder}`);
  for (const [name, reason] of Object.entries(missing)) console.error(`${name}: missing: ${reason}`);
  process.exitCode = Object.keys(missing).length === 0 ? 0 : 1;
}

// No await at the top level: the tests load this file as CommonJS.
if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
