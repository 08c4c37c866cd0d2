import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { makeRoom } from './room';
import type { TransferResult, TransferTask } from './transfers';

const execute = promisify(execFile);

/** Without the time that it takes to sign in and to agree on a data connection. */
export function transferWithCurl(task: TransferTask, source: string): Promise<TransferResult> {
  return fastest(task, () => onceWithCurl(task, source));
}

export function transferWithLftp(task: TransferTask, source: string): Promise<TransferResult> {
  return fastest(task, () => onceWithLftp(task, source));
}

async function fastest({ times }: TransferTask, once: () => Promise<number>): Promise<TransferResult> {
  let milliseconds = Infinity;
  for (let time = 0; time < times; time++) milliseconds = Math.min(milliseconds, await once());
  return { milliseconds };
}

async function onceWithCurl(task: TransferTask, source: string): Promise<number> {
  const { server, path, authority } = task;
  const secured = authority === undefined ? [] : ['--ssl-reqd', '--cacert', authority];
  const what = task.direction === 'down' ? ['-o', '/dev/null'] : ['-T', source];
  const url = `ftp://${server.host}:${server.port}/${path}`;
  const fixed = ['-s', '-S', '--user', `${server.user}:${server.password}`];
  const times = ['-w', '%{stderr}%{time_pretransfer} %{time_total}\\n'];
  makeRoom(task);
  const { stderr } = await execute('curl', [...fixed, ...times, ...secured, ...what, url]);
  const [before = NaN, total = NaN] = stderr.trim().split(' ').map(Number);
  return 1000 * (total - before);
}

async function onceWithLftp(task: TransferTask, source: string): Promise<number> {
  const { server, path, authority } = task;
  const secured =
    authority === undefined ? ['no'] : ['yes', `set ssl:ca-file ${authority}`, 'set ftp:ssl-force yes'];
  const stamp = '!date +stamp:%s.%N';
  const move = task.direction === 'down' ? `cat ${path} > /dev/null` : `put ${source} -o ${path}`;
  const script = [
    `set ftp:ssl-allow ${secured.join('\n')}`,
    'set ftp:ssl-protect-data yes',
    'set cmd:fail-exit yes',
    `open -u ${server.user},${server.password} ftp://${server.host}:${server.port}`,
    `cls ${server.home}`,
    ...[stamp, move, stamp],
  ];
  makeRoom(task);
  const { stdout } = await execute('lftp', ['-c', script.join('\n')]);
  const [began = NaN, ended = NaN] = [...stdout.matchAll(/stamp:([\d.]+)/g)].map(
    ([, time]) => 1000 * Number(time),
  );
  return ended - began;
}
