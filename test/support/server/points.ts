import type { Action } from './actions';
import type { Fact } from './facts';

/**
 * Names the places where a run can go wrong, as TESTING.md §4 does: `reply(RETR,2)` is the second reply to
 * RETR in the whole run. Seen from the client: `in(data,3)` is the third piece that the server sends on a data
 * connection, `out(data,1)` the first that it receives, `out(control,5)` the fifth segment of commands,
 * `connect(data,1)` the first port that the client may dial, `accept(data,1)` the first time it is dialled,
 * `handshake(control,1)` and `handshake(data,1)` the first TLS handshake, `fin(data,1)` the server's first FIN, `file(rename,1)` the first rename in the file store,
 * `keep(data,1)` the first time that a data connection stays open after a file.
 */
export class Points {
  private readonly counts = new Map<string, number>();

  ofAction(action: Action): string | undefined {
    switch (action.kind) {
      case 'reply':
        return this.next('reply', action.command);
      case 'send':
        return this.next('in', 'data');
      case 'end':
        return this.next('fin', 'data');
      case 'keep':
        return this.next('keep', 'data');
      case 'listen':
        return this.next('connect', 'data');
      case 'secure-control':
        return this.next('handshake', 'control');
      case 'secure-data':
        return this.next('handshake', 'data');
      case 'dial':
        return this.next('accept', 'data');
      case 'file':
        return this.next('file', action.operation);
      default:
        return undefined;
    }
  }

  ofFact(fact: Fact): string | undefined {
    if (fact.kind === 'control-bytes') return this.next('out', 'control');
    return fact.kind === 'data-bytes' ? this.next('out', 'data') : undefined;
  }

  private next(place: string, what: string): string {
    const key = `${place}(${what}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return `${key},${count})`;
  }
}

/** The label of a point and its number: `fin(data)` is short for `fin(data,1)`. */
export function splitPoint(point: string): { readonly label: string; readonly number: number } {
  const match = /^(\w+\([^,)]+)(?:,(\d+))?\)$/.exec(point);
  if (!match) throw new Error(`Not a fault point: ${point}`);
  return { label: match[1] ?? '', number: Number(match[2] ?? 1) };
}
