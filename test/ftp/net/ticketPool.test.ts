import assert from 'node:assert/strict';
import { TicketPool } from '../../../src/ftp/net/ticketPool';

describe('TicketPool', () => {
  it('has none before one came', () => assert.equal(new TicketPool().take(), undefined));

  it('gives each ticket of TLS 1.3 once, the newest first', () => {
    assert.deepEqual(taken('TLSv1.3', 3, 3), [3, 2, 1]);
  });

  it('gives the last one again when none is fresh', () => {
    assert.deepEqual(taken('TLSv1.3', 2, 4), [2, 1, 1, 1]);
  });

  it('gives the newest session of TLS 1.2 again and again', () => {
    assert.deepEqual(taken('TLSv1.2', 2, 3), [2, 2, 2]);
  });

  it('prefers a fresh ticket to a used one', () => {
    const pool = new TicketPool();
    pool.add(Uint8Array.of(1), 'TLSv1.3');
    pool.take();
    pool.add(Uint8Array.of(2), 'TLSv1.3');
    assert.deepEqual(pool.take(), Uint8Array.of(2));
  });

  it('keeps no more than it needs', () => {
    const pool = new TicketPool();
    for (let i = 0; i < 1000; i++) pool.add(Uint8Array.of(i & 255), 'TLSv1.3');
    assert.equal(pool.size, 16);
    assert.deepEqual(pool.take(), Uint8Array.of(999 & 255));
  });
});

/** `count` tickets come, and `wanted` are asked for. */
function taken(protocol: string, count: number, wanted: number): (number | undefined)[] {
  const pool = new TicketPool();
  for (let i = 1; i <= count; i++) pool.add(Uint8Array.of(i), protocol);
  return Array.from({ length: wanted }, () => pool.take()?.[0]);
}
