import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { signatureAlgorithm } from '../../../src/ftp/protocol/derCertificate';

describe('signatureAlgorithm', () => {
  it('reads sha256WithRSAEncryption from a certificate', () => {
    assert.equal(signatureAlgorithm(certificate()), '1.2.840.113549.1.1.11');
  });

  it('reads others', () => {
    const sha1 = Uint8Array.from([
      0x30, 0x0f, 0x30, 0x00, 0x30, 0x0b, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 5,
    ]);
    assert.equal(signatureAlgorithm(sha1), '1.2.840.113549.1.1.5');
    const ed25519 = Uint8Array.from([0x30, 0x09, 0x30, 0x00, 0x30, 0x05, 6, 3, 43, 101, 112]);
    assert.equal(signatureAlgorithm(ed25519), '1.3.101.112');
  });

  it('answers nothing for what is cut off anywhere', () => {
    const whole = certificate();
    for (let length = 0; length < whole.length; length++) {
      assert.equal(signatureAlgorithm(whole.subarray(0, length)), undefined);
    }
  });

  it('answers nothing for lengths that lead nowhere', () => {
    for (const bytes of [
      [0x30, 0x80],
      [0x30, 0x85, 1, 1, 1, 1, 1],
      [0x30, 0x84, 255, 255, 255, 255],
      [0x30, 0],
    ]) {
      assert.equal(signatureAlgorithm(Uint8Array.from(bytes)), undefined);
    }
  });
});

function certificate(): Uint8Array {
  return new X509Certificate(readFileSync(path.join(__dirname, '../../fixtures/tls/server.pem'))).raw;
}
