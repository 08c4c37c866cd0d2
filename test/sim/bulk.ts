import assert from 'node:assert/strict';
import { FtpError, type FtpSession, type WireEvent } from '../../src/ftp';
import type { Persona } from '../support/server/persona';
import { SeededRandom } from '../support/sim/seed';
import { simulate, type Simulation, type SimulationOptions } from '../support/simSession';

export type Direction = 'down' | 'up';

/** A bulk transfer of `size` bytes that runs while `work` does something else. */
export interface BulkSetting extends SimulationOptions {
  readonly size: number;
  readonly direction: Direction;
  readonly persona?: Persona | undefined;
}

export interface Bulk extends Simulation {
  readonly session: FtpSession;
  readonly content: Uint8Array;
  /** Resolves when it is over, whether or not it succeeded. */
  readonly over: Promise<FtpError | undefined>;
  /** What arrived so far. */
  arrived(): Uint8Array;
  readonly progress: number[];
}

/** No part of it is like another. */
const noise = Uint8Array.from(
  { length: 7_000_000 },
  (_, i) => Math.imul(i ^ (i >>> 9), 2_654_435_761) >>> 24,
);

export function pattern(length: number, seed = 1): Uint8Array {
  return noise.subarray(seed, seed + length);
}

export async function duringBulk(setting: BulkSetting, work: (bulk: Bulk) => Promise<void>): Promise<void> {
  const { size, direction, persona, server = {}, ...options } = setting;
  await simulate({ ...options, server: { ...server, ...(persona && { persona }) } }, async (simulation) => {
    const { files, far, kernel } = simulation;
    if (persona) far.noDelay = persona.noDelay;
    const content = pattern(size, setting.seed);
    files.put('/small', 'small file').put('/folder/inside', '').put('/big', content);
    const session = await simulation.connect();
    simulation.commandsSince();
    const chunks: Uint8Array[] = [];
    const progress: number[] = [];
    const onProgress = (bytes: number): unknown => progress.push(bytes);
    const sink = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    const running =
      direction === 'down'
        ? session.download('/big', sink, { onProgress })
        : session.upload(inChunks(content, setting.seed ?? 1), '/new', { onProgress });
    const over = running.then(
      () => undefined,
      (error: unknown) => (error instanceof FtpError ? error : assert.fail(String(error))),
    );
    const arrived = (): Uint8Array =>
      direction === 'down' ? Buffer.concat(chunks) : (files.at('/new') ?? new Uint8Array());
    await work({ ...simulation, session, content, over, arrived, progress });
    // A read is handed over before its 226.
    await simulation.kernel.idle();
    assert.equal(session.inspect().openSlots, 0, 'no slot stays open');
    assert.equal(session.inspect().queued, 0, 'nobody waits');
    await session.close();
    await kernel.idle();
    assert.deepEqual(simulation.client.connections, [], 'no connection is left');
  });
}

/** A stream whose chunks are as long as it likes. */
function inChunks(content: Uint8Array, seed: number): ReadableStream<Uint8Array> {
  const random = new SeededRandom(seed);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at === content.length) return controller.close();
      const end = Math.min(content.length, at + 1 + random.below(200_000));
      controller.enqueue(content.subarray(at, end));
      at = end;
    },
  });
}

export async function assertWhole({ over, content, arrived, progress }: Bulk): Promise<void> {
  assert.equal(await over, undefined);
  assert.ok(Buffer.from(content).equals(arrived()), `${arrived().length} of ${content.length} bytes`);
  assert.deepEqual(
    progress,
    [...progress].sort((a, b) => a - b),
    'progress never goes back',
  );
  assert.equal(progress.at(-1), content.length);
}

export const gaveWay = (events: readonly WireEvent[]): number =>
  events.filter((event) => event.kind === 'trouble' && event.text.startsWith('gave way')).length;

export const verbs = (commands: readonly string[]): string[] =>
  commands.map((line) => line.split(' ')[0] ?? '');

export const megabyte = 1_000_000;
