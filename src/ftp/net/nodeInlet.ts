import type { OnReadOpts } from 'node:net';

/**
 * Reads a socket into memory that is allocated beforehand: always the same where the bytes are done with when the call
 * ends, else slab after slab. Node's own way, fresh memory for each read, costs more than all that happens to the bytes.
 */
export class Inlet {
  /** Takes the bytes of one read; true: it keeps them. */
  reader: (bytes: Uint8Array) => boolean = () => false;
  readonly onread: OnReadOpts = {
    buffer: () => this.slab.subarray(this.used),
    callback: (length) => {
      this.handleRead(length);
      return true;
    },
  };
  private slab = new Uint8Array(leastRoom);
  private used = 0;

  private handleRead(length: number): void {
    const end = this.used + length;
    if (!this.reader(this.slab.subarray(this.used, end))) return;
    this.used = end;
    if (this.slab.length - end >= leastRoom) return;
    const size = Math.min(2 * this.slab.length, mostRoom);
    this.slab = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
    this.used = 0;
  }
}

/** What one read brings at most where nothing is kept, and is worth a call where it is. */
const leastRoom = 64 * 1024;

/**
 * A read brings up to this, so that a fast line needs few; a slow one fills it with many small ones. Slabs of 1 MiB left
 * half as much again to the collector, and a gigabyte took longer by half.
 */
const mostRoom = 256 * 1024;
