import assert from 'node:assert/strict';
import type { Certificate } from '../../src/ftp/index';
import { certificateOf, trustMemory } from '../support/tlsServices';

const place = { host: 'h', port: 21 };

describe('TrustMemory', () => {
  let stored: Map<string, unknown>;
  let now: number;
  const open = () => trustMemory(stored, () => now);

  beforeEach(() => {
    stored = new Map();
    now = 1000;
  });

  describe('of certificates', () => {
    it('has no verdict before somebody decides', () => {
      assert.equal(open().verdictOf(certificateOf('AA')), undefined);
    });

    it('keeps a pinned one between windows, with all that a person compares, and when it was', async () => {
      await open().pin(certificateOf('AA'));
      const facts: Partial<Certificate> = certificateOf('AA');
      assert.deepEqual({ ...open().pinOf(place), pem: facts.pem }, { ...facts, trusted: 1000 });
      assert.equal(open().verdictOf(certificateOf('AA')), 'trusted');
      assert.deepEqual(
        open()
          .pins()
          .map(({ host, port }) => [host, port]),
        [['h', 21]],
      );
    });

    it('refuses another in its place, and takes it once it is pinned instead', async () => {
      await open().pin(certificateOf('AA'));
      assert.equal(open().verdictOf(certificateOf('BB')), 'changed');
      now = 2000;
      await open().pin(certificateOf('BB'));
      assert.equal(open().verdictOf(certificateOf('BB')), 'trusted');
      assert.equal(open().verdictOf(certificateOf('AA')), 'changed');
      assert.equal(open().pinOf(place)?.trusted, 2000);
    });

    it('keeps hosts and ports apart', async () => {
      await open().pin(certificateOf('AA'));
      assert.equal(open().verdictOf(certificateOf('AA', { port: 990 })), undefined);
      assert.equal(open().verdictOf(certificateOf('AA', { host: 'i' })), undefined);
    });

    it('trusts for a window alone, and only this one certificate', () => {
      const memory = open();
      memory.trustForWindow(certificateOf('AA'));
      assert.equal(memory.verdictOf(certificateOf('AA')), 'trusted');
      assert.equal(memory.verdictOf(certificateOf('BB')), undefined);
      assert.equal(open().verdictOf(certificateOf('AA')), undefined);
      assert.equal(stored.size, 0);
    });

    it('forgets both kinds', async () => {
      const memory = open();
      await memory.pin(certificateOf('AA'));
      memory.trustForWindow(certificateOf('AA'));
      await memory.forget(place);
      assert.equal(memory.verdictOf(certificateOf('AA')), undefined);
      assert.deepEqual(memory.pins(), []);
    });

    it('takes what has another shape for nothing', () => {
      for (const value of [7, null, [], {}, { ...certificateOf('AA'), trusted: 'yesterday' }]) {
        stored.set('portside.certificate:h:21', value);
        assert.equal(open().pinOf(place), undefined);
        assert.deepEqual(open().pins(), []);
      }
    });
  });

  describe('of TLS', () => {
    it('knows that a server had it, whoever signed in', async () => {
      assert.equal(open().hadTls(place), false);
      await open().sawTls(place);
      assert.equal(open().hadTls(place), true);
      assert.equal(open().hadTls({ host: 'h', port: 2121 }), false);
    });

    it('knows how a person wished to connect, beside it', async () => {
      await open().want(place, 'implicit');
      await open().sawTls(place);
      assert.deepEqual([open().wanted(place), open().hadTls(place)], ['implicit', true]);
    });

    it('takes what has another shape for nothing', () => {
      stored.set('portside.tls:h:21', { seen: 'yes', wanted: 'none' });
      assert.deepEqual([open().wanted(place), open().hadTls(place)], [undefined, false]);
    });
  });
});
