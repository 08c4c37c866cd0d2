import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { contestant, folderOf, newName, twenty, type Place } from './contestant';

const execute = promisify(execFile);

/**
 * One run of curl keeps its control connection from one URL to the next, and tells the time of each: the first
 * signs in, the others show what the operation costs.
 */
export const curl = contestant<Place>({
  name: 'curl',
  open: (place) => Promise.resolve(place),
  close: () => Promise.resolve(),
  rows: {
    'first folder': async (place) => (await times(place, [folder(place)]))[0] ?? NaN,
    list: async (place) => (await times(place, [folder(place), folder(place)]))[1] ?? NaN,
    read: async (place) => (await times(place, files(place).slice(0, 2)))[1] ?? NaN,
    write: async (place) => {
      const paths = [newPath(place), newPath(place)];
      // By itself it looks at no size; told to, it asks after each file for that of the first.
      const look = ['-Q', `-SIZE ${paths[0]?.split('/').at(-1)}`];
      const [, spent] = await times(place, paths, ['-T', '/etc/hostname', ...look]);
      return spent ?? NaN;
    },
    'twenty in turn': async (place) => {
      const [, ...each] = await times(place, [folder(place), ...files(place)]);
      return each.reduce((sum, one) => sum + one, 0);
    },
  },
});

/** Milliseconds of each. */
async function times(
  { server }: Place,
  paths: readonly string[],
  how: readonly string[] = [],
): Promise<number[]> {
  const root = `ftp://${server.host}:${server.port}`;
  // Two slashes: from the root, not from where the account arrives.
  const urls = paths.flatMap((path) => [...(how.length > 0 ? how : ['-o', '/dev/null']), `${root}/${path}`]);
  const fixed = [
    '-s',
    '-S',
    '--user',
    `${server.user}:${server.password}`,
    '-w',
    '%{stderr}%{time_total}\\n',
  ];
  const { stderr } = await execute('curl', [...fixed, ...urls]);
  return stderr
    .trim()
    .split('\n')
    .map((line) => 1000 * Number(line));
}

function folder({ server }: Place): string {
  return `${folderOf(server)}/`;
}

function files({ server }: Place): string[] {
  return twenty(server, 0);
}

function newPath({ server }: Place): string {
  return `${folderOf(server)}/${newName('curl')}`;
}
