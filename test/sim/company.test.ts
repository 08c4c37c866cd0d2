import assert from 'node:assert/strict';
import { FtpError } from '../../src/ftp';
import { proftpd } from '../support/server/personas/proftpd';
import { pureftpd } from '../support/server/personas/pureftpd';
import { vsftpd } from '../support/server/personas/vsftpd';
import { authority } from '../support/server/tls/tlsSettings';
import { content, contents, count, inActive, numbers, readAll, string, verbs } from './companyStage';

const three = 'SIZE EPRT RETR SIZE EPRT RETR SIZE EPRT RETR';

describe('small files that are asked for together, in active mode', () => {
  for (const persona of [vsftpd, pureftpd]) {
    it(`are asked for in one segment, each with a listener of its own: ${persona.name}`, () =>
      inActive({ persona }, async (session, { commandsSince, events, client }) => {
        const all = readAll(session, [0, 1, 2]);
        assert.deepEqual(await all, contents(3));
        assert.equal(verbs(commandsSince()), three);
        const ports = events.flatMap((event) =>
          event.kind === 'sent' && event.line.startsWith('EPRT') ? [event.line] : [],
        );
        assert.equal(new Set(ports).size, 3);
        const sent = events.filter((event) => event.kind === 'sent').slice(-9);
        assert.equal(new Set(sent.map(({ at }) => at)).size, 1);
        assert.equal(new Set(sent.map(({ operation }) => operation)).size, 3);
        assert.deepEqual(client.listeners, []);
      }));
  }

  it('cost one file after the other no round trip of ours', () =>
    inActive({ persona: pureftpd, files: 10 }, async (session, { roundTrips }) => {
      const trips = await roundTrips(() => readAll(session, numbers(10)));
      assert.ok(trips <= 11.1, `${trips}`);
    }));

  it('of a server that may answer out of turn, one by one', () =>
    inActive({ persona: proftpd }, async (session, { events }) => {
      assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
      const sent = events.filter((event) => event.kind === 'sent' && event.line.startsWith('RETR'));
      assert.equal(new Set(sent.map(({ at }) => at)).size, 3);
    }));

  it('cost one alone what it did before', () =>
    inActive({}, async (session, { commandsSince }) => {
      assert.deepEqual(await readAll(session, [0]), contents(1));
      assert.equal(verbs(commandsSince()), 'SIZE MDTM EPRT RETR');
    }));

  for (const [persona, together, long] of [
    [vsftpd, [20, 10], [8]],
    [pureftpd, [20, 10], [2, 2, 2, 2]],
  ] as const) {
    it(`are twenty at most, and what the server would lose is not sent: ${persona.name}`, () =>
      inActive({ persona, files: 30 }, async (session, { files, events }) => {
        const retrs = (): number[] => {
          const sent = events.filter((event) => event.kind === 'sent' && event.line.startsWith('RETR'));
          const times = [...new Set(sent.map(({ at }) => at))];
          return times.map((time) => sent.filter(({ at }) => at === time).length);
        };
        assert.deepEqual(await readAll(session, numbers(30)), contents(30));
        assert.deepEqual(retrs(), together);
        const paths = numbers(8).map((index) => `${'x'.repeat(200)}${index}`);
        paths.forEach((path, index) => files.put(`/${path}`, content(index)));
        assert.deepEqual(await readAll(session, paths), contents(8));
        assert.deepEqual(retrs().slice(together.length), long);
      }));
  }

  it('come with what was asked for between them in its place', () =>
    inActive({}, async (session, { commandsSince }) => {
      const order: string[] = [];
      const note = (what: string) => (): unknown => order.push(what);
      await Promise.all([
        session.read('/0').then(note('0')),
        session.read('/1').then(note('1')),
        session.makeDirectory('/new').then(note('folder')),
        session.read('/2').then(note('2')),
        session.read('/3').then(note('3')),
      ]);
      assert.deepEqual(order, ['0', '1', 'folder', '2', '3']);
      assert.equal(verbs(commandsSince()), 'SIZE EPRT RETR SIZE EPRT RETR MKD SIZE EPRT RETR SIZE EPRT RETR');
    }));

  it('may be empty, and absent', () =>
    inActive({}, async (session, { files }) => {
      files.put('/empty', '');
      const all = await readAll(session, [0, 'empty', 'absent', 1]);
      assert.deepEqual(all, [content(0), '', 'not-found', content(1)]);
      const unsendable = await readAll(session, [0, 'a\nb', 1]);
      assert.deepEqual(unsendable, [content(0), 'name-unsendable', content(1)]);
    }));

  it('sign in once', () =>
    inActive({}, async (session, { server, kernel }) => {
      await server.dropSessions();
      await kernel.idle();
      assert.deepEqual(await readAll(session, [0, 1, 2, 3]), contents(4));
      assert.equal(server.sessions, 2);
    }));

  for (const mode of ['explicit', 'implicit'] as const) {
    it(`over TLS, ${mode}`, () => tlsTogether(mode));
  }
});

/** Each handshake begins when the server has come to its file. */
function tlsTogether(security: 'explicit' | 'implicit'): Promise<void> {
  const server = { tls: security === 'implicit' ? { implicit: true } : {} };
  const client = { security, tls: { authorities: [authority()] } };
  return inActive({ server, client }, async (session, { commandsSince }) => {
    assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
    assert.equal(verbs(commandsSince()), three);
  });
}

describe('a file among others that nobody wants any more', () => {
  for (const milliseconds of [0, 30, 60, 110, 200, 400]) {
    it(`goes, and the others come: after ${milliseconds} ms`, () =>
      inActive({}, async (session, { kernel, client }) => {
        const controller = new AbortController();
        const cancelled = session.read('/1', { signal: controller.signal }).then(string, (error: unknown) => {
          assert.ok(FtpError.is(error, 'aborted'), String(error));
          return content(1);
        });
        const others = readAll(session, [0, 2, 3]);
        await kernel.sleep(milliseconds);
        controller.abort();
        assert.deepEqual(await others, [0, 2, 3].map(content));
        assert.equal(await cancelled, content(1));
        await kernel.idle();
        assert.deepEqual(client.listeners, []);
        assert.deepEqual(await readAll(session, [4]), [content(4)]);
      }));

    it(`and none of the others either: after ${milliseconds} ms`, () =>
      inActive({}, async (session, { kernel }) => {
        const controller = new AbortController();
        const all = numbers(5).map((index) =>
          session.read(`/${index}`, { signal: controller.signal }).catch((error: unknown) => {
            assert.ok(FtpError.is(error, 'aborted'), String(error));
          }),
        );
        await kernel.sleep(milliseconds);
        controller.abort();
        await Promise.all(all);
        assert.deepEqual(await readAll(session, [4, 5]), [4, 5].map(content));
      }));

    it(`nor the session: after ${milliseconds} ms`, () =>
      inActive({ files: 20 }, async (session, { kernel }) => {
        const all = readAll(session, numbers(20));
        await kernel.sleep(milliseconds);
        await session.close();
        (await all).forEach((end, index) => assert.ok([content(index), 'session-closed'].includes(end), end));
      }));
  }
});

describe('a large file among small ones', () => {
  const large = Uint8Array.from({ length: 5_000_000 }, (_, index) => Math.imul(index, 2_654_435_761) >>> 24);

  for (const persona of [vsftpd, pureftpd]) {
    it(`does not hold them up, and comes by itself afterwards: ${persona.name}`, () =>
      inActive({ persona }, async (session, { files, kernel, commandsSince, events }) => {
        files.put('/large', large);
        const began = kernel.now;
        const whole = session.read('/large');
        assert.deepEqual(await readAll(session, [0, 1, 2]), contents(3));
        assert.ok(kernel.now - began < 800, `${kernel.now - began} ms`);
        assert.ok(Buffer.from(large).equals(await whole));
        const asked = commandsSince();
        assert.equal(count(asked, 'RETR /large'), 2);
        // Of which nobody had asked the time: it begins again.
        assert.equal(count(asked, 'REST'), 0);
        assert.ok(events.some((event) => event.kind === 'trouble' && event.text.startsWith('gave way')));
      }));
  }

  it('gives way again to whoever comes while it is read alone', () =>
    inActive({}, async (session, { files, kernel, server, commandsSince }) => {
      files.put('/large', large);
      const whole = session.read('/large');
      assert.deepEqual(await readAll(session, [0, 1]), contents(2));
      while (count(server.commands(), 'RETR /large') < 2) await kernel.sleep(10);
      await kernel.sleep(150);
      assert.deepEqual(await readAll(session, [2]), [content(2)]);
      assert.ok(Buffer.from(large).equals(await whole));
      assert.equal(count(commandsSince(), 'REST'), 1);
    }));
});
