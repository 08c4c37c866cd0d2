import assert from 'node:assert/strict';
import { endpointText, nodeEndpoint } from '../../../src/ftp/net/nodeEndpoint';

describe('nodeEndpoint', () => {
  it('takes the mapping off an IPv4 address', () => {
    const plain = { host: '192.0.2.1', port: 21, family: 4 };
    assert.deepEqual(nodeEndpoint('::ffff:192.0.2.1', 21), plain);
    assert.deepEqual(nodeEndpoint('::FFFF:192.0.2.1', 21), plain);
    assert.deepEqual(nodeEndpoint('192.0.2.1', 21), plain);
  });

  it('leaves IPv6 addresses alone', () => {
    for (const host of ['::1', 'fd00::2', '::ffff:0:0:1', 'fe80::1%eth0']) {
      assert.deepEqual(nodeEndpoint(host, 21), { host, port: 21, family: 6 });
    }
  });

  it('puts brackets round IPv6 addresses in text', () => {
    assert.equal(endpointText(nodeEndpoint('::1', 21)), '[::1]:21');
    assert.equal(endpointText(nodeEndpoint('192.0.2.1', 21)), '192.0.2.1:21');
  });
});
