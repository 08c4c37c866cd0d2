import assert from 'node:assert/strict';
import type { OperationEvent, TransferEvent } from '../../src/ftp/index';
import { MonitorState } from '../../src/ui/monitorState';

type Server = 'shop' | 'mirror';

/** Copies from shop to mirror, as both sessions tell of them. */
class Copies {
  now = 1000;
  private readonly state = new MonitorState(() => ({ standings: [], folders: [], isUnsaved: () => false }));
  private operation = 0;

  constructor() {
    for (const session of ['shop', 'mirror']) {
      this.state.take({ ...this.base(session), kind: 'state', state: 'connected', text: '' });
    }
  }

  begin(path: string): void {
    this.operation++;
    this.tell('shop', { phase: 'begin', path, peer: 'mirror' });
    this.tell('mirror', { phase: 'begin', path, peer: 'shop' });
  }

  end(failed?: 'copy-failed'): void {
    for (const server of ['shop', 'mirror'] as const) {
      this.tell(server, { phase: 'end', ...(failed ? { failed } : {}) });
    }
  }

  bytes(session: Server, bytes: number, total?: number): void {
    const direction = session === 'shop' ? 'down' : 'up';
    const told: Pick<TransferEvent, 'direction' | 'bytes' | 'path' | 'done'> = {
      direction,
      bytes,
      path: '/a',
      done: false,
    };
    const size = total === undefined ? {} : { total };
    this.state.take({ ...this.base(session), kind: 'transfer', operation: this.operation, ...told, ...size });
  }

  /** What the status bar says after so many milliseconds. */
  after(milliseconds: number): string {
    this.now += milliseconds;
    const row = this.state.row(this.now);
    return row ? `${row.icon}: ${row.text.replaceAll('\u2007', '_')}` : '';
  }

  private tell(session: Server, told: Partial<OperationEvent> & Pick<OperationEvent, 'phase'>): void {
    const event = {
      kind: 'operation',
      name: 'copy',
      operation: this.operation,
      waiting: 0,
      text: '',
    } as const;
    this.state.take({ ...this.base(session), ...event, ...told });
  }

  private base(session: string): { at: number; wall: number; session: string; connection: number } {
    return { at: this.now, wall: this.now, session, connection: 1 };
  }
}

describe('the status bar, during a copy between two servers', () => {
  let copies: Copies;
  beforeEach(() => (copies = new Copies()));

  it('says so, and how much where bytes are known', () => {
    copies.begin('/a.iso');
    assert.equal(copies.after(399), 'plug: 2 servers');
    assert.equal(copies.after(101), 'arrow-swap: Server to server');
    copies.bytes('mirror', 100);
    assert.equal(copies.after(500), 'arrow-swap: Server to server');
    copies.bytes('shop', 430, 1000);
    assert.equal(copies.after(500), 'arrow-swap: Server to server _43%');
  });

  it('takes a tree of small files for one copy', () => {
    const seen = new Set<string>();
    for (let file = 0; file < 30; file++) {
      copies.begin(`/tree/${file}`);
      const shown = copies.after(95);
      if (copies.now > 1500) seen.add(shown);
      copies.end();
      copies.now += 5;
    }
    assert.deepEqual([...seen], ['arrow-swap: Server to server']);
  });

  it('says what was copied, by size where somebody counted', () => {
    copies.begin('/a.iso');
    copies.end();
    assert.equal(copies.after(10), 'check: Copied a.iso');
    copies.begin('/b.iso');
    copies.bytes('shop', 7_340_000, 7_340_000);
    copies.bytes('mirror', 7_340_000, 7_340_000);
    copies.end();
    assert.equal(copies.after(10), 'check: Copied 7.3 MB');
  });

  it('says nothing of a copy that failed', () => {
    copies.begin('/a.iso');
    copies.end('copy-failed');
    assert.equal(copies.after(10), 'plug: 2 servers');
  });
});
