import { readFileSync, readdirSync } from 'node:fs';

/** Ids of the processes, zombies left out, that belong to one of these process groups or sessions. */
export function liveProcesses(leaders: ReadonlySet<number>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => belongs(pid, leaders));
}

function belongs(pid: number, leaders: ReadonlySet<number>): boolean {
  const line = statusOf(pid);
  // 4242 (a name (with) blanks) S parent group session …
  const [state, , group, session] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return (
    state !== undefined && !'ZX'.includes(state) && [group, session].some((id) => leaders.has(Number(id)))
  );
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return ''; // it ended between the two looks
  }
}
