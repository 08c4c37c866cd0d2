import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ended, firstLine, launch, stop } from '../../scripts/processes.mjs';
import type { DaemonName } from '../servers/daemon';
import type { FarEnd } from './farMain';
import { openLongLink, type LongLink } from './longLink';
import type { Failure, Figure, NearLine, NearTask } from './nearMain';

/** Milliseconds there and back. */
export const linkRoundTrip = 50;

export interface LinkRun {
  readonly figures: readonly Figure[];
  readonly failures: readonly Failure[];
  /** Daemons that this machine cannot have, with reasons. */
  readonly missing: readonly string[];
}

/** Starts the daemons at the far end of a long link, and measures from its near end. */
export async function measureOverLink(
  daemons: readonly DaemonName[],
  task: Omit<NearTask, 'far'>,
  progress: (figure: Figure | Failure) => void,
): Promise<LinkRun> {
  const link = await openLongLink(linkRoundTrip, task.what === 'interruptions' ? undefined : countable);
  try {
    return await withFarEnd(link, daemons, (far) => measureFrom(link, { ...task, far }, progress));
  } finally {
    await link.close();
  }
}

/**
 * Every kernel has it, and the simulated network is like it. BBR, which a machine may have instead, paces: of twenty
 * replies on a new session it holds back those that the server writes quickly and joins them, so that now and then all
 * of them fit into the first window. A large file, however, would with Reno queue up before the link's own program.
 */
const countable = 'reno';

async function withFarEnd<T>(
  link: LongLink,
  daemons: readonly DaemonName[],
  work: (far: FarEnd) => Promise<T>,
): Promise<T> {
  const child = start(link.far, 'farMain.ts', [link.farAddress, ...daemons]);
  try {
    const far = await firstLine(child, (line) =>
      line.startsWith('{') ? (JSON.parse(line) as FarEnd) : undefined,
    );
    return await work(far);
  } finally {
    // It ends its daemons itself, and is waited for.
    child.stdin?.end();
    await ended(child);
    await stop(child);
  }
}

async function measureFrom(
  link: LongLink,
  task: NearTask,
  progress: (figure: Figure | Failure) => void,
): Promise<LinkRun> {
  const child = start(link.near, 'nearMain.ts', [JSON.stringify(task)]);
  const figures: Figure[] = [];
  const failures: Failure[] = [];
  if (!child.stdout) throw new Error('no output to read');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (text) => {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as NearLine;
    if (line.kind === 'figure') figures.push(line);
    if (line.kind === 'failure') failures.push(line);
    progress(line);
  });
  const [code] = await Promise.all([ended(child), once(lines, 'close')]);
  if (code !== 0) throw new Error(`the measuring end of the link ended with ${code}`);
  return { figures, failures, missing: task.far.missing };
}

function start(end: readonly string[], program: string, args: readonly string[]) {
  const [command = '', ...rest] = end;
  const script = [process.execPath, '--import', 'tsx', `${__dirname}/${program}`, ...args];
  return launch(command, [...rest, ...script], { stdio: ['pipe', 'pipe', 'inherit'] });
}
