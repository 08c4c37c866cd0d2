import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import type { Link } from './link';

export type Kind = 'file' | 'directory' | 'absent';

/** What a path leads to, symbolic links followed, asked of the server in one segment. */
export async function kindOf(link: Link, path: string): Promise<Kind> {
  const [kind] = await kindsOf(link, [path]);
  return kind ?? 'absent';
}

// SIZE /www/index.php   213 12944
// CWD /www              250 OK. Current directory is /www
/**
 * The same of several paths. SIZE answers for files alone, CWD for directories alone; the directory entered does not
 * matter, since every path that we send is absolute.
 */
export async function kindsOf(link: Link, paths: readonly string[]): Promise<Kind[]> {
  const questions = paths.flatMap((path): Command[] => [
    { verb: 'SIZE', argument: path },
    { verb: 'CWD', argument: path },
  ]);
  const replies = await link.batch(questions);
  return paths.map((_, index) => kindFrom(replies[2 * index], replies[2 * index + 1]));
}

function kindFrom(size: Reply | undefined, directory: Reply | undefined): Kind {
  if (directory && directory.code < 300) return 'directory';
  return size?.code === 213 ? 'file' : 'absent';
}
