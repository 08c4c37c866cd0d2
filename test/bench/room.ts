import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { mebibyte, type TransferTask } from './transfers';

/**
 * Right before an upload; what was uploaded before is gone. What a virtual machine has not used for a moment goes back
 * to its host, and to get it again takes the server far longer than to store a file there: so half as much again as it
 * will need is got ahead.
 */
export function makeRoom({ direction, size, folder, path: uploaded }: TransferTask): void {
  if (direction !== 'up') return;
  rmSync(path.join(folder, path.basename(uploaded)), { force: true });
  const filler = path.join(folder, 'filler.bin');
  const chunk = Buffer.alloc(mebibyte);
  const file = openSync(filler, 'w');
  for (let written = 0; written < 1.5 * size; written += chunk.length) writeSync(file, chunk);
  closeSync(file);
  rmSync(filler);
}
