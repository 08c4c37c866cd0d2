import { existsSync } from 'node:fs';
import path from 'node:path';
import { firstLine, launch, stop } from '../../scripts/processes.mjs';

/** Two network namespaces of this machine, far from each other (see link.py). */
export interface LongLink {
  /** To be put before a command that shall run at one of the ends. */
  readonly near: readonly string[];
  readonly far: readonly string[];
  readonly farAddress: string;
  close(): Promise<void>;
}

const script = path.join(__dirname, 'link.py');

/**
 * @param roundTrip milliseconds there and back
 * @param congestionControl of TCP at both ends, by Linux's name; absent: as this machine has it
 */
export async function openLongLink(roundTrip: number, congestionControl?: string): Promise<LongLink> {
  const name = `portside-${process.pid}`;
  const args = [script, name, String(roundTrip / 2), ...(congestionControl ? [congestionControl] : [])];
  const child = launch('python3', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  await firstLine(child, (line) => (line === 'ready' ? line : undefined));
  const inside = (end: string): string[] => ['ip', 'netns', 'exec', `${name}-${end}`];
  return { near: inside('near'), far: inside('far'), farAddress: '198.18.0.2', close: () => stop(child) };
}

/** Why this machine cannot have such a link; undefined when it can. */
export function whyNoLongLink(): string | undefined {
  if (process.platform !== 'linux') return `it is made on Linux only; this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  const missing = ['ip', 'python3'].find((program) => !isOnPath(program));
  return missing && `there is no ${missing} on the PATH`;
}

export function isOnPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, program)));
}
