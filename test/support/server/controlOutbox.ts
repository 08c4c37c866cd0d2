import type { Clock } from '../../../src/base/clock';
import type { Disposable } from '../../../src/base/disposable';
import type { Connection } from '../../../src/ftp/net/network';

type Item =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly lines: readonly string[] }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  /** TLS begins or ends here; what follows waits for the promise. */
  | { readonly kind: 'turn'; readonly run: () => Promise<void> | undefined }
  | { readonly kind: 'close' | 'reset' };

/** What the server says on one control connection, in order, with waits that a script put between. */
export class ControlOutbox {
  private readonly items: Item[] = [];
  private waiting: Disposable | undefined;
  private turning = false;

  constructor(
    /** Changes when TLS begins or ends. */
    public connection: Connection,
    private readonly clock: Clock,
    private readonly said: (line: string) => void,
    private readonly closed: () => void,
  ) {}

  put(item: Item): void {
    this.items.push(item);
    if (!this.waiting && !this.turning) this.send();
  }

  stop(): void {
    this.items.length = 0;
    this.waiting?.dispose();
    this.waiting = undefined;
  }

  private send(): void {
    for (let item = this.items.shift(); item; item = this.items.shift()) {
      if (item.kind === 'wait') return this.wait(item.milliseconds);
      if (item.kind === 'turn') {
        const turned = item.run();
        if (turned) return this.turn(turned);
        continue;
      }
      if (item.kind === 'bytes') {
        item.lines.forEach(this.said);
        this.connection.write(item.bytes);
      } else {
        if (item.kind === 'close') this.connection.close();
        else this.connection.reset();
        this.closed();
      }
    }
  }

  private turn(turned: Promise<void>): void {
    this.turning = true;
    const goOn = (): void => {
      this.turning = false;
      this.send();
    };
    turned.then(goOn, goOn);
  }

  private wait(milliseconds: number): void {
    const goOn = (): void => {
      this.waiting = undefined;
      this.send();
    };
    this.waiting = this.clock.setTimer(milliseconds, goOn, 'server: reply held back');
  }
}
