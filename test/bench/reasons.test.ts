import assert from 'node:assert/strict';
import type { WireEvent } from '../../src/ftp';
import { proofOf, reasons } from './reasons';

describe('why a server makes a bar impossible', () => {
  const base = { wall: 0, session: 'server', connection: 1 };
  const received = (at: number, line: string): WireEvent => ({ ...base, kind: 'received', at, line });
  const sent = (at: number, line: string): WireEvent => ({ ...base, kind: 'sent', at, line });
  const closed = (at: number): WireEvent => ({
    ...base,
    kind: 'data',
    phase: 'closed',
    closedBy: 'server',
    at,
    text: '5 bytes, closed by the server',
  });
  const reason = reasons['twenty active']?.vsftpd;

  it('is proved by what was waited for, and nothing else', () => {
    assert.ok(reason);
    const trace = [
      sent(1000, 'RETR a'),
      closed(1100),
      received(1150, '226 Transfer complete.'),
      closed(1200),
      received(1201, '226 Transfer complete.'),
      closed(1300),
      sent(1310, 'RETR b'),
      received(1360, '226 Transfer complete.'),
    ];
    assert.deepEqual(proofOf(reason, trace, 50), {
      lost: 1,
      lines: ['  2.00  = 5 bytes, closed by the server', '  3.00  < 226 Transfer complete.'],
    });
    assert.deepEqual(proofOf(reason, [], 50), { lost: 0, lines: [] });
  });
});
