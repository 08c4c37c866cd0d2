import type { Environment } from '../../../src/ftp';
import type { Connection, Receiver } from '../../../src/ftp/net/network';

/** One try to make a control connection. */
export interface Attempt {
  /** As events name it. */
  readonly session: string;
  /** Counts the attempts of the session from 1, as events do. */
  readonly connection: number;
  connected: boolean;
}

/** Stands between the engine and its seams: counts when its code runs, and which control connections it holds. */
export class ClientWatch {
  /** `turn(k)`: how often code of the client ran since `begin`. */
  turns = 0;
  readonly attempts: Attempt[] = [];
  /** The most control connections held at once. */
  mostHeld = 0;
  private held = 0;
  private act: (turn: number) => void = () => undefined;

  constructor(private readonly controlPort: number) {}

  /** From now on turns count, and `act` is called at the end of each. */
  begin(act: (turn: number) => void): void {
    this.turns = 0;
    this.act = act;
  }

  watch({ clock, network, random, outside }: Environment, session: string): Environment {
    return {
      clock: {
        now: () => clock.now(),
        wallTime: () => clock.wallTime(),
        setTimer: (milliseconds, fire, what) => clock.setTimer(milliseconds, this.counted(fire), what),
      },
      network: {
        connect: async (to, how) => {
          const isControl = to.port === this.controlPort;
          const attempt = isControl ? this.attempt(session) : undefined;
          const connection = await network.connect(to, how);
          if (attempt) attempt.connected = true;
          this.turn();
          return this.watched(connection, isControl);
        },
        listen: (at, accepted) =>
          network.listen(at, (connection) => {
            accepted(this.watched(connection, false));
            this.turn();
          }),
      },
      random,
      outside,
    };
  }

  private attempt(session: string): Attempt {
    const before = this.attempts.filter((attempt) => attempt.session === session).length;
    const attempt = { session, connection: before + 1, connected: false };
    this.attempts.push(attempt);
    return attempt;
  }

  private turn(): void {
    this.act(++this.turns);
  }

  private counted(fire: () => void): () => void {
    return () => {
      fire();
      this.turn();
    };
  }

  private watched(connection: Connection, isControl: boolean): Connection {
    const released = isControl ? this.hold() : (): void => undefined;
    return {
      local: connection.local,
      remote: connection.remote,
      receive: (receiver) => connection.receive(this.watchedReceiver(receiver, released)),
      pause: () => connection.pause(),
      resume: () => connection.resume(),
      write: (bytes) => connection.write(bytes),
      writeAll: (parts) => connection.writeAll(parts),
      drained: () => connection.drained(),
      end: () => connection.end(),
      reset: () => {
        released();
        connection.reset();
      },
      close: () => {
        released();
        connection.close();
      },
      duplex: () => connection.duplex(),
    };
  }

  private watchedReceiver(receiver: Receiver, released: () => void): Receiver {
    return {
      data: (bytes) => {
        receiver.data(bytes);
        this.turn();
      },
      end: this.counted(() => receiver.end()),
      fault: (error) => {
        released();
        receiver.fault(error);
        this.turn();
      },
    };
  }

  private hold(): () => void {
    let holding = true;
    this.mostHeld = Math.max(this.mostHeld, ++this.held);
    return () => {
      if (holding) this.held--;
      holding = false;
    };
  }
}
