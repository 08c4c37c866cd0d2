import assert from 'node:assert/strict';
import { deflateSync, inflateSync } from 'node:zlib';
import { concatBytes } from '../../src/base/bytes';
import { FaultScript } from '../support/server/faultScript';
import type { Fault } from '../support/server/faultKinds';
import { MemoryFiles } from '../support/server/memoryFiles';
import { readerFor, writerFor, type Form } from '../support/server/modes/codecs';
import { places, type Place } from './places';
import type { SeamClient, SeamData } from './seamClient';

/** A third of a megabyte with runs in it. */
const big = Uint8Array.from({ length: 333_333 }, (_, at) => (at % 1000 < 300 ? 0 : (at * at) % 251));

for (const { name, run } of places) {
  describe(`reference server, modes ${name}`, () => {
    function test(title: string, main: (place: Place) => Promise<void>): void {
      it(title, () => run(main));
    }

    for (const mode of ['B', 'C'] as const) {
      const form: Form = { mode, structure: 'F', type: 'I' };

      test(`MODE ${mode}: files both ways on one data connection`, async (place) => {
        const files = new MemoryFiles().put('/big', big);
        const server = await place.server(0, { files, wire: { markerEvery: 100_000 } });
        const client = await place.logIn(server);
        await client.ask(`MODE ${mode}`, 200);
        const data = await client.passive();
        for (let round = 1; round <= 3; round++) {
          client.say('RETR big');
          await client.expect(round === 1 ? 150 : 125);
          assert.deepEqual(await fileOn(data, form), big);
          await client.expect(250);
          await client.ask(`STOR copy${round}`, 125);
          data.send(writerFor(form, { blockSize: 65_535 }).write({ bytes: big, endOfFile: true }));
          await client.expect(250);
          assert.deepEqual(files.at(`/copy${round}`), big);
        }
        await client.ask('QUIT', 221);
        assert.equal((await data.all()).length, 0);
        assert.equal(await client.reply(), 'closed');
      });
    }

    test('MODE Z: files both ways, a listing, and the level', async (place) => {
      const files = new MemoryFiles().put('/big', big);
      const client = await place.logIn(await place.server(0, { files }));
      await client.ask('MODE Z', 200);
      const levels = [0, 1, 9];
      const sizes: number[] = [];
      for (const level of levels) {
        await client.ask(`OPTS MODE Z LEVEL ${level}`, 200);
        const data = await client.passive();
        await client.ask('RETR big', 150);
        const packed = await data.all();
        assert.deepEqual(new Uint8Array(inflateSync(packed)), big);
        sizes.push(packed.length);
        await client.expect(226);
      }
      assert.deepEqual(
        sizes.toSorted((a, b) => b - a),
        sizes,
      );
      assert.ok((sizes[0] ?? 0) > big.length);
      await client.ask('OPTS MODE Z LEVEL 10', 501);
      await upload(client, 'copy', deflateSync(big), 226);
      assert.deepEqual(files.at('/copy'), big);
      const listing = await client.passive();
      await client.ask('NLST', 150);
      assert.equal(inflateSync(await listing.all()).toString(), 'big\r\ncopy\r\n');
      await client.expect(226);
    });

    test('MODE Z: what is no zlib stream, and what is cut', async (place) => {
      const client = await place.logIn(await place.server(0));
      await client.ask('MODE Z', 200);
      await upload(client, 'bad', Buffer.from('no zlib stream'), 451);
      await upload(client, 'cut', deflateSync('hello').subarray(0, -6), 426);
      await upload(client, 'good', deflateSync('hello'), 226);
    });

    test('MODE Z: lies', async (place) => {
      const server = await place.server(0, { files: new MemoryFiles().put('/big', big) });
      const client = await place.logIn(server);
      await client.ask('MODE Z', 200);
      for (const [damage, message] of [
        ['garbage', /invalid|incorrect/],
        ['no-end', /unexpected end of file/],
      ] as const) {
        server.settings.damage = damage;
        const data = await client.passive();
        await client.ask('RETR big', 150);
        const packed = await data.all();
        assert.throws(() => inflateSync(packed), message);
        await client.expect(226);
      }
    });

    for (const [mode, filler] of [
      ['B', '000000'],
      ['C', 'ffffff'],
    ] as const) {
      test(`MODE ${mode}: fillers without an end, until ABOR`, async (place) => {
        const client = await place.logIn(await place.server(0, { damage: 'endless-filler' }));
        await client.ask(`MODE ${mode}`, 200);
        const data = await client.passive();
        await client.ask('RETR a.txt', 150);
        const bytes = await data.until(({ length }) => length > 100_000);
        assert.equal(Buffer.from(bytes.subarray(99_000, 99_003)).toString('hex'), filler);
        client.say('ABOR');
        await data.all();
        await client.expect(426);
        await client.expect(226);
        await client.ask('NOOP', 200);
      });
    }

    const faults: Omit<Fault, 'point'>[] = [
      { kind: 'close' },
      { kind: 'close', milliseconds: 20 },
      { kind: 'reset', milliseconds: 20 },
    ];
    for (const fault of faults) {
      const title = `${fault.kind} ${fault.milliseconds ?? 0} ms after the 250`;
      test(`the data connection between two files: ${title}`, async (place) => {
        const script = new FaultScript({ point: 'keep(data,1)', ...fault });
        const client = await place.logIn(await place.server(0, { script }));
        await client.ask('MODE B', 200);
        const form: Form = { mode: 'B', structure: 'F', type: 'I' };
        const data = await client.passive();
        await client.ask('RETR a.txt', 150);
        assert.equal(Buffer.from(await fileOn(data, form)).toString(), 'one\ntwo\n');
        await client.expect(250);
        await data.all();
        assert.equal(script.fired, 1);
        const another = await client.passive();
        await client.ask('RETR a.txt', 150);
        assert.equal(Buffer.from(await fileOn(another, form)).toString(), 'one\ntwo\n');
        await client.expect(250);
        another.close();
      });
    }
  });
}

/** The next file on a data connection that stays open. */
async function fileOn(data: SeamData, form: Form): Promise<Uint8Array> {
  let pieces = readerFor(form).push(new Uint8Array());
  await data.until((bytes) => {
    const reader = readerFor(form);
    pieces = reader.push(bytes);
    return reader.state === 'ended';
  });
  return concatBytes(pieces.filter(({ marker }) => !marker).map(({ bytes }) => bytes));
}

async function upload(client: SeamClient, name: string, bytes: Uint8Array, code: number): Promise<void> {
  const data = await client.passive();
  await client.ask(`STOR ${name}`, 150);
  data.send(bytes);
  data.close();
  await client.expect(code);
}
