import { createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { concatBytes } from '../../../src/base/bytes';
import type { Outside } from '../../../src/base/outside';
import type { ZlibAction } from './actions';
import type { FileOutcome } from './facts';

/** MODE Z's zlib streams of one session, known by name. It is real work on other threads, and declared as such. */
export class DeflateWorker {
  private readonly streams = new Map<string, ZlibStream>();

  constructor(private readonly outside: Outside) {}

  run(action: ZlibAction): Promise<FileOutcome<Uint8Array>> {
    const { stream: name, direction, level, bytes, last } = action;
    const stream =
      this.streams.get(name) ??
      new ZlibStream(direction === 'deflate' ? createDeflate({ level }) : createInflate());
    if (last) this.streams.delete(name);
    else this.streams.set(name, stream);
    return this.outside.run(`server: ${direction}`, () => stream.push(bytes, last));
  }

  closeAll(): void {
    for (const stream of this.streams.values()) stream.close();
    this.streams.clear();
  }
}

class ZlibStream {
  private out: Uint8Array[] = [];
  private fault = false;
  private wake: () => void = () => undefined;

  constructor(private readonly stream: Deflate | Inflate) {
    stream.on('data', (bytes: Uint8Array) => this.out.push(bytes));
    stream.on('error', () => (this.fault = true));
    // What ends, fails or is destroyed closes; it calls back no more.
    stream.on('close', () => this.wake());
  }

  /** Resolves with what has come out by the time that all of `bytes` went in. */
  async push(bytes: Uint8Array, last: boolean): Promise<FileOutcome<Uint8Array>> {
    await new Promise<void>((resolve) => {
      if (this.stream.destroyed) return resolve();
      this.wake = resolve;
      if (last) this.stream.end(bytes);
      else this.stream.write(bytes, () => resolve());
    });
    const { out } = this;
    this.out = [];
    return this.fault ? { fault: 'failed' } : { value: concatBytes(out) };
  }

  close(): void {
    this.stream.destroy();
  }
}
