import { concatBytes } from '../../../../src/base/bytes';
import { FromNetworkLines, ToNetworkLines } from '../lineEnds';
import type { Piece } from './piece';

/** What a stored file is made of: lines in TYPE A, records in STRU R, else bytes. */
export type FileText = 'bytes' | 'lines' | 'records';

/** Cuts a stored file into pieces. Its lines are its records; what follows the last LF is a record unfinished. */
export class Outgoing {
  private readonly lines = new ToNetworkLines();

  constructor(private readonly text: FileText) {}

  pieces(stored: Uint8Array): Piece[] {
    if (this.text === 'records') return records(stored);
    return [{ bytes: this.text === 'lines' ? this.lines.translate(stored) : stored }];
  }
}

/** The way back. */
export class Incoming {
  private readonly lines = new FromNetworkLines();

  constructor(private readonly text: FileText) {}

  stored({ bytes, endOfRecord }: Piece): Uint8Array {
    if (this.text === 'lines') return this.lines.translate(bytes);
    return this.text === 'records' && endOfRecord ? concatBytes([bytes, Uint8Array.of(LF)]) : bytes;
  }

  /** What was held back. */
  finish(): Uint8Array {
    return this.lines.finish();
  }
}

const LF = 10;

function records(stored: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (let end = stored.indexOf(LF); end >= 0; end = stored.indexOf(LF, start)) {
    pieces.push({ bytes: stored.subarray(start, end), endOfRecord: true });
    start = end + 1;
  }
  if (start < stored.length) pieces.push({ bytes: stored.subarray(start) });
  return pieces;
}
