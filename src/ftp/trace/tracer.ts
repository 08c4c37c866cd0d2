import type { Clock } from '../../base/clock';
import { shownLine } from './shownLine';
import type {
  DataEvent,
  OperationEvent,
  StateEvent,
  TransferEvent,
  TroubleEvent,
  WireEvent,
  WireEventBase,
} from './wireEvent';

/** What an event says beyond time, session and connection, which the tracer adds. */
type Told<E extends WireEvent> = Omit<E, keyof WireEventBase | 'kind'> & { operation?: number | undefined };

export interface TracerOptions {
  readonly clock: Clock;
  readonly session: string;
  readonly sink: ((event: WireEvent) => void) | undefined;
  /** Password and account: should a server echo one, it is masked before the event exists. */
  readonly secrets: readonly string[];
}

/** Makes wire events. Nothing reaches a sink, and so a log, except through here. */
export class Tracer {
  /** Counts control connections; 0 before the first. */
  connection = 0;

  constructor(private readonly options: TracerOptions) {}

  /** How events name the server. */
  get session(): string {
    return this.options.session;
  }

  /** `line` comes from the command encoder, which has masked the argument already. */
  sent(line: string, operation: number | undefined): void {
    this.emit({ kind: 'sent', ...this.base(operation), line });
  }

  /** @param omitted so many lines of the same reply came before this one, and are not told */
  received(line: Uint8Array, operation: number | undefined, omitted = 0): void {
    const told = { line: this.mask(shownLine(line)), ...(omitted > 0 && { omitted }) };
    this.emit({ kind: 'received', ...this.base(operation), ...told });
  }

  data({ operation, ...told }: Told<DataEvent>): void {
    this.emit({ kind: 'data', ...this.base(operation), ...told });
  }

  state({ operation, ...told }: Told<StateEvent>): void {
    this.emit({ kind: 'state', ...this.base(operation), ...told });
  }

  transfer({ operation, ...told }: Told<TransferEvent>): void {
    this.emit({ kind: 'transfer', ...this.base(operation), ...told });
  }

  operation({ operation, ...told }: Told<OperationEvent>): void {
    this.emit({ kind: 'operation', ...this.base(operation), ...told });
  }

  trouble({ operation, ...told }: Told<TroubleEvent>): void {
    this.emit({ kind: 'trouble', ...this.base(operation), ...told, text: this.mask(told.text) });
  }

  mask(text: string): string {
    let masked = text;
    for (const secret of this.options.secrets) {
      if (secret.length >= shortestSecret) masked = masked.replaceAll(secret, '******');
    }
    return masked;
  }

  private base(operation: number | undefined): WireEventBase {
    const { clock, session } = this.options;
    const base = { at: clock.now(), wall: clock.wallTime(), session, connection: this.connection };
    return operation === undefined ? base : { ...base, operation };
  }

  private emit(event: WireEvent): void {
    this.options.sink?.(event);
  }
}

/** Shorter passwords occur by chance in every reply; masking them would tell more than it hides. */
const shortestSecret = 4;
