import assert from 'node:assert/strict';
import { MemorySink } from '../../../src/ftp/session/memorySink';

describe('a file in memory', () => {
  it('holds what came, announced or not', () => {
    for (const announced of [0, 2, 3, 9]) {
      const sink = new MemorySink();
      sink.expect(announced);
      sink.write(Uint8Array.of(1, 2));
      sink.write(Uint8Array.of(3));
      assert.deepEqual([...sink.take()], [1, 2, 3], `${announced} bytes announced`);
    }
  });

  // Story: a read was handed over before its 226, the connection was lost, and the file had changed when it was begun
  // again: where no size was told, the bytes that somebody had already were written over.
  it('leaves what was taken alone when it begins again', () => {
    const sink = new MemorySink();
    sink.expect(3);
    sink.write(Uint8Array.of(1, 2, 3));
    const taken = sink.take();
    sink.clear();
    sink.write(Uint8Array.of(9, 9));
    assert.deepEqual([...taken], [1, 2, 3]);
    assert.deepEqual([...sink.take()], [9, 9]);
  });
});
