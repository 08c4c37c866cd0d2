import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { contestant, folderOf, newName, pauseOfUser, twenty, type Place } from './contestant';

const execute = promisify(execFile);

/** lftp plays a script; between its commands `date` tells the time. */
export const lftp = contestant<Place>({
  name: 'lftp',
  open: (place) => Promise.resolve(place),
  close: () => Promise.resolve(),
  rows: {
    'first folder': (place) => play(place, [], [`cls ${folder(place)}`]),
    list: (place) => play(place, [`cd ${folder(place)}`], [`recls ${folder(place)}`]),
    read: (place) => play(place, [`cd ${folder(place)}`], [`cat ${files(place, 1)} > /dev/null`]),
    write: (place) => {
      const name = newName('lftp');
      return play(place, [`cd ${folder(place)}`], [`put /etc/hostname -o ${name}`, `quote SIZE ${name}`]);
    },
    'make directory': (place) => play(place, [`cd ${folder(place)}`], [`mkdir ${newName('lftp')}`]),
    'twenty in turn': (place) =>
      play(place, [`cd ${folder(place)}`], [`cat ${files(place, 20)} > /dev/null`]),
  },
});

/** Milliseconds of the commands, after the preparations and a pause. */
async function play(
  { server }: Place,
  before: readonly string[],
  measured: readonly string[],
): Promise<number> {
  const stamp = '!date +stamp:%s.%N';
  const pause = before.length > 0 ? [...before, `!sleep ${pauseOfUser / 1000}`] : [];
  const script = [
    'set ftp:ssl-allow no',
    'set cache:enable no',
    'set cmd:fail-exit yes',
    `open -u ${server.user},${server.password} ftp://${server.host}:${server.port}`,
    ...pause,
    ...[stamp, ...measured, stamp],
  ];
  const { stdout } = await execute('lftp', ['-c', script.join('\n')]);
  const [began, ended] = [...stdout.matchAll(/stamp:([\d.]+)/g)].map(([, seconds]) => 1000 * Number(seconds));
  return (ended ?? NaN) - (began ?? NaN);
}

function folder({ server }: Place): string {
  return folderOf(server);
}

function files({ server }: Place, count: number): string {
  return twenty(server, 0).slice(0, count).join(' ');
}
