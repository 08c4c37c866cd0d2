import { change } from './change';
import type { Link } from './link';

/** A file, or a symbolic link itself. */
export async function remove(link: Link, path: string): Promise<void> {
  await change(link, { verb: 'DELE', argument: path }, path, 'remove');
}

/** An empty directory. */
export async function removeDirectory(link: Link, path: string): Promise<void> {
  await change(link, { verb: 'RMD', argument: path }, path, 'remove-directory');
}
