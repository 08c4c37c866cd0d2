import { change } from './change';
import type { Link } from './link';

export async function makeDirectory(link: Link, path: string): Promise<void> {
  await change(link, { verb: 'MKD', argument: path }, path, 'make');
}
