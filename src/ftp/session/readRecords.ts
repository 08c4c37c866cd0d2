import { concatBytes } from '../../base/bytes';
import type { Sink } from '../dtp/receiver';
import { startReceiving } from '../dtp/startFlow';
import { FtpError } from '../protocol/errors';
import { explain } from './explain';
import type { Link } from './link';
import { thenInFiles } from './parameters';

// > STRU R, EPSV   < 200, 229
// > RETR /MEMBER   < 150, 226
// > STRU F         < 200
/** The records of a file as they are. What follows the last end of a record is a record, too. */
export async function readRecords(link: Link, path: string): Promise<Uint8Array[]> {
  const records = new RecordCollector();
  const receiving = link.transfer({
    command: { verb: 'RETR', argument: path },
    path,
    direction: 'down',
    structure: 'record',
    prelude: [],
    start: (begun) => startReceiving(begun, records, Infinity, link.options),
  });
  try {
    const { endIsMarked, bytes } = await thenInFiles(link, receiving);
    if (!endIsMarked) throw cutIn(path, bytes);
    return records.all();
  } catch (error) {
    throw await explain(link, error, path, 'read');
  }
}

class RecordCollector implements Sink {
  private readonly records: Uint8Array[] = [];
  private chunks: Uint8Array[] = [];

  write(bytes: Uint8Array): undefined {
    this.chunks.push(bytes.slice());
  }

  endRecord(): undefined {
    this.records.push(concatBytes(this.chunks.splice(0)));
  }

  all(): Uint8Array[] {
    if (this.chunks.length > 0) this.endRecord();
    return this.records;
  }
}

function cutIn(path: string, bytes: number): FtpError {
  return new FtpError('data-cut', 'The data connection broke in mid-file.', { facts: { path, bytes } });
}
