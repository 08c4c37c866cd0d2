import { piecesOf } from '../dtp/pieces';
import type { Command } from '../protocol/command';
import { severityOf } from '../protocol/reply';
import { longest } from '../relay/runner';
import type { CopyParts } from './copyParts';
import type { Link } from './link';
import { read } from './read';
import { store } from './write';

// > SITE CPFR /a.iso, SITE CPTO /.b.iso.portside-7f3a     < 350, 250
/** The server copies by itself (ProFTPD mod_copy). False when it does not know how, or will not. */
export async function copyByServer({ source }: CopyParts, into: string, link: Link): Promise<boolean> {
  if (link.refuses(siteCopy)) return false;
  const commands: Command[] = [
    { verb: 'SITE', argument: `CPFR ${source.path}` },
    { verb: 'SITE', argument: `CPTO ${into}` },
  ];
  const [from, to] = link.control.send(commands, link.operation);
  if (!from || !to) throw new RangeError('A command opens a slot.');
  // Nothing is said until the last byte is copied.
  to.hold();
  const { clock } = link.options;
  const timer = clock.setTimer(
    longest(source.size, { stall: link.options.stallTimeout }),
    () => to.release(),
    'CPTO',
  );
  try {
    link.learnFrom(siteCopy, await from.final);
    return severityOf(await to.final) === 'completed';
  } finally {
    timer.dispose();
  }
}

const siteCopy = 'SITE CPFR';

/** One control connection cannot read and write at the same time: piece by piece, through memory. */
export async function copyInPieces(parts: CopyParts, into: string): Promise<void> {
  const { source, target, onProgress } = parts;
  for (let offset = 0; ; offset += pieceBytes) {
    const bytes = await source.perform((link) => read(link, source.path, { offset, length: pieceBytes }));
    const content = { pieces: () => piecesOf(bytes), total: bytes.length, isRepeatable: false };
    await target.perform((link) => store(link, into, content, { append: offset > 0 }));
    onProgress?.(offset + bytes.length, source.size);
    if (bytes.length < pieceBytes || offset + bytes.length === source.size) return;
  }
}

/** Few enough transfers for a large file, little enough memory for any extension host. */
const pieceBytes = 16 * 1024 * 1024;
