import assert from 'node:assert/strict';
import type { FtpError } from '../../src/ftp';
import { FaultScript } from '../support/server/faultScript';
import { personas } from '../support/server/personas/personas';
import { vsftpd } from '../support/server/personas/vsftpd';
import { simulate } from '../support/simSession';

const small = 'a small file';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a read that is handed over when it is whole', () => {
  for (const [name, persona] of Object.entries(personas)) {
    it(`takes one round trip over a warm data connection, on ${name}`, () =>
      simulate({ server: { persona }, client: { warm: true } }, async (simulation) => {
        simulation.far.noDelay = persona.noDelay;
        simulation.files.put('/small', small).put('/empty', '');
        const session = await simulation.connect();
        for (const [path, content] of [
          ['/small', small],
          ['/empty', ''],
        ] as const) {
          await simulation.kernel.idle();
          const trips = await simulation.roundTrips(async () => {
            assert.equal(text(await session.read(path)), content);
          });
          // Its Nagle holds the second reply back until the first is acknowledged.
          assert.ok(trips <= (name === 'inetutils' ? 2.2 : 1.2), `${path}: ${trips} round trips`);
        }
        await simulation.kernel.idle();
        assert.equal(session.inspect().openSlots, 0);
        assert.equal(simulation.server.sessions, 1);
        await session.close();
      }));
  }

  it('is taken back when 426 follows: told to whoever asked, and to the log', async () => {
    const script = new FaultScript({ point: 'fin(data,1)', kind: 'reset', code: 426 });
    await simulate({ server: { script } }, async ({ connect, files, kernel, events }) => {
      files.put('/small', small);
      const session = await connect();
      const doubts: FtpError[] = [];
      const bytes = await session.read('/small', { onDoubt: (error) => doubts.push(error) });
      assert.equal(text(bytes), small);
      await kernel.idle();
      assert.deepEqual(
        doubts.map(({ code }) => code),
        ['data-cut'],
      );
      assert.ok(events.some((event) => event.kind === 'trouble' && event.code === 'data-cut'));
      assert.equal(text(await session.read('/small')), small);
      await session.close();
    });
  });

  it('holds its turn until the reply has come', () =>
    simulate({ server: { persona: vsftpd } }, async ({ connect, files, kernel, events }) => {
      files.put('/small', small);
      const session = await connect();
      await session.read('/small');
      const next = session.stat('/small');
      await kernel.sleep(1);
      const lines = events.flatMap((event) => (event.kind === 'sent' ? [event.line] : []));
      assert.equal(lines.at(-1), 'RETR /small');
      assert.equal((await next).size, small.length);
      await session.close();
    }));
});
