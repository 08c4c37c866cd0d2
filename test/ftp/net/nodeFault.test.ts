import assert from 'node:assert/strict';
import type { NetError, NetFault } from '../../../src/ftp/net/network';
import { nodeFault } from '../../../src/ftp/net/nodeFault';

const cases: [string, NetError['during'], NetFault][] = [
  ['ECONNREFUSED', 'connect', 'refused'],
  ['EHOSTUNREACH', 'connect', 'unreachable'],
  ['ENETUNREACH', 'connect', 'unreachable'],
  ['ENOTFOUND', 'connect', 'host-not-found'],
  ['EAI_AGAIN', 'connect', 'host-not-found'],
  ['ETIMEDOUT', 'connect', 'timed-out'],
  ['ETIMEDOUT', 'read', 'timed-out'],
  ['ECONNRESET', 'read', 'reset'],
  ['EPIPE', 'write', 'broken-pipe'],
  ['EADDRINUSE', 'listen', 'address-in-use'],
  ['EADDRINUSE', 'connect', 'address-in-use'],
  ['EADDRNOTAVAIL', 'connect', 'address-not-available'],
  // A firewall, and a port below 1024.
  ['EPERM', 'connect', 'unreachable'],
  ['EACCES', 'listen', 'address-not-available'],
  // Codes that nobody has heard of.
  ['EWHATEVER', 'connect', 'unreachable'],
  ['EWHATEVER', 'listen', 'address-not-available'],
  ['EWHATEVER', 'read', 'reset'],
  ['EWHATEVER', 'write', 'broken-pipe'],
  ['EWHATEVER', 'handshake', 'handshake-failed'],
];

describe('nodeFault', () => {
  for (const [code, during, fault] of cases) {
    it(`${code} during ${during} is ${fault}`, () => {
      const cause = Object.assign(new Error('as the system says'), { code });
      const error = nodeFault(cause, during);
      assert.deepEqual([error.fault, error.during, error.message], [fault, during, 'as the system says']);
      assert.equal(error.cause, cause);
    });
  }

  it('has a fault for an error without a code', () => {
    assert.equal(nodeFault(new Error('?'), 'read').fault, 'reset');
  });

  it('tells a failed write from a failed read', () => {
    const cause = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
    assert.equal(nodeFault(cause, 'read').during, 'write');
  });
});
