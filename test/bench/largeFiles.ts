import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Daemon } from '../servers/daemon';
import { blockSize, numberedBlock } from './numbered';

const name = 'large.bin';

/** Numbered files on the disks of daemons. */
export class LargeFiles {
  constructor(private readonly daemons: readonly Daemon[]) {}

  /** Answers its path as seen through FTP. */
  make(of: string, size: number): string {
    const { root, home } = this.daemon(of);
    const file = openSync(path.join(root, name), 'w');
    for (let index = 0; index * blockSize < size; index++) writeSync(file, numberedBlock(index));
    closeSync(file);
    return `${home === '/' ? '' : home}/${name}`;
  }

  /** `whole`, or what is wrong; the file is removed. */
  check(of: string, size: number, seen: string): string {
    const { root, home } = this.daemon(of);
    const place = path.join(root, path.relative(home, seen));
    const file = openSync(place, 'r');
    const block = Buffer.alloc(blockSize);
    let read = 0;
    let answer = 'whole';
    for (let length = 1; length > 0 && answer === 'whole'; read += length) {
      length = readSync(file, block, 0, blockSize, read);
      const expected = numberedBlock(read / blockSize).subarray(0, length);
      if (!block.subarray(0, length).equals(expected)) answer = `wrong bytes behind byte ${read}`;
    }
    closeSync(file);
    rmSync(place);
    return answer === 'whole' && read !== size ? `${read} bytes of ${size}` : answer;
  }

  private daemon(of: string): Daemon {
    const found = this.daemons.find((daemon) => daemon.name === of);
    if (!found) throw new Error(`no daemon ${of}`);
    return found;
  }
}
