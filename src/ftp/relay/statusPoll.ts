import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Exchange } from '../pi/exchange';
import { FtpError } from '../protocol/errors';
import { bytesInStatus } from '../protocol/transferStatus';
import type { Reply } from '../protocol/reply';
import type { Side } from './side';

// > STAT      < 211-Status of 'Portside'
//             <  STOR /b.iso (631072)
//             < 211 End of status
/** Asks one of two servers that exchange a file how far it is, one question at a time (RFC 959 §4.1.3). */
export class StatusPoll {
  private timer: Disposable | undefined;
  private asked: Exchange | undefined;
  private askedAt = 0;
  private most = 0;

  constructor(
    private readonly side: Side,
    private readonly verb: 'RETR' | 'STOR',
    private readonly clock: Clock,
    private readonly tell: (bytes: number) => void,
  ) {
    this.wait();
  }

  /** The transfer is over. Resolves when no reply is owed any more. */
  async finish(): Promise<void> {
    this.timer?.dispose();
    this.timer = undefined;
    if (!this.asked || this.asked.isEnded) return;
    const give = (): void => this.side.lose(new FtpError('session-closed', 'STAT was not answered.'));
    const patience = this.clock.setTimer(statusPatience, give, 'status');
    await this.asked.final.catch(() => undefined);
    patience.dispose();
  }

  private wait(): void {
    this.timer = this.clock.setTimer(pollInterval, () => this.ask(), 'status');
  }

  private ask(): void {
    this.askedAt = this.clock.now();
    try {
      this.asked = this.side.send({ verb: 'STAT' });
    } catch {
      // The control connection is gone; whoever waits for the transfer hears of it.
      return;
    }
    this.asked.final.then(
      (reply) => this.take(reply),
      () => this.side.giveUpStatus(),
    );
  }

  /** Behind the transfer's end there is nothing to be told; ProFTPD answers late when no data move. */
  private take(reply: Reply): void {
    if (!this.timer) return;
    const bytes = bytesInStatus(reply, this.verb);
    if (bytes === undefined || this.clock.now() - this.askedAt > statusPatience) {
      return this.side.giveUpStatus();
    }
    if (bytes > this.most) this.tell((this.most = bytes));
    this.wait();
  }
}

/** Milliseconds: often enough to see it move, seldom enough for a server to bear. */
const pollInterval = 1000;

/** Milliseconds for a reply. A server that needs longer may be held up by the question itself. */
const statusPatience = 5000;
