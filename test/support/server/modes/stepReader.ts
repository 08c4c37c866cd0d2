import { concatBytes } from '../../../../src/base/bytes';
import type { ModeReader, Piece } from './piece';

/** What was found at the front of the bytes; 'more': not enough is there; 'broken': it cannot be. */
export type Found = { readonly piece?: Piece; readonly length: number } | 'more' | 'broken';

/** Reads a mode whose parts announce their length, one part after the other. */
export abstract class StepReader implements ModeReader {
  state: ModeReader['state'] = 'open';
  rest: Uint8Array = new Uint8Array();
  readonly endsByClose = false;

  push(bytes: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    this.rest = concatBytes([this.rest, bytes]);
    while (this.state === 'open') {
      const found = this.find(this.rest);
      if (found === 'more') break;
      if (found === 'broken') {
        this.state = 'broken';
        break;
      }
      this.rest = this.rest.subarray(found.length);
      if (!found.piece) continue;
      pieces.push(found.piece);
      if (found.piece.endOfFile) this.state = 'ended';
    }
    return pieces;
  }

  protected abstract find(bytes: Uint8Array): Found;
}
