import { BlockReader, BlockWriter } from './blockMode';
import { CompressedReader, CompressedWriter } from './compressedMode';
import { DamagedWriter, type Damage } from './damage';
import type { Mode, Structure } from './mode';
import type { ModeReader, ModeWriter } from './piece';
import { RecordStreamReader, RecordStreamWriter, StreamReader, StreamWriter } from './streamMode';

/** The parameters of one transfer (RFC 959 §4.1.2). */
export interface Form {
  readonly mode: Mode;
  readonly structure: Structure;
  readonly type: 'A' | 'I';
}

export function writerFor(
  form: Form,
  how: { blockSize: number; damage?: Damage; noFiller?: true },
): ModeWriter {
  const writer = wholeWriter(form, how);
  return how.damage === undefined ? writer : new DamagedWriter(writer, form.mode, how.damage);
}

export function readerFor(form: Form): ModeReader {
  if (form.mode === 'B') return new BlockReader();
  if (form.mode === 'C') return new CompressedReader(fillerOf(form));
  // Deflate packs what stream mode would send.
  return form.structure === 'R' ? new RecordStreamReader() : new StreamReader();
}

function wholeWriter(form: Form, how: { blockSize: number; noFiller?: true }): ModeWriter {
  if (form.mode === 'B') return new BlockWriter(how.blockSize);
  if (form.mode === 'C') return new CompressedWriter(how.noFiller ? undefined : fillerOf(form));
  return form.structure === 'R' ? new RecordStreamWriter() : new StreamWriter();
}

/** RFC 959 §3.4.3: a blank in TYPE A, zero in TYPE I. */
function fillerOf({ type }: Form): number {
  return type === 'A' ? 32 : 0;
}
