import type { Side } from '../relay/side';
import type { Link } from './link';
import { settingsFor, takeSettings } from './parameters';

/** What a server-to-server transfer sees of a session. */
export function sideOf(link: Link): Side {
  const { control, operation, profile, signal } = link;
  const { tracer } = link.options;
  return {
    name: tracer.session,
    peer: control.remote,
    signal,
    send: (command) => {
      const [exchange] = control.send([command], operation);
      if (!exchange) throw new RangeError('A command opens a slot.');
      return exchange;
    },
    isPrivate: link.line.protect !== undefined,
    can: (feature) => link.can(feature),
    refuses: (verb) => link.refuses(verb) || refusedBefore(verb, profile.learned.rendezvous),
    tellsStatus: () => !link.refuses(statusInTransfer) && tellsStatus(profile.greeting),
    giveUpStatus: () => {
      if (!link.refuses(statusInTransfer)) profile.learned.unsupported.push(statusInTransfer);
    },
    lose: (error) => control.lose(error),
    noteAddress: (text) => tracer.data({ operation, phase: 'address-replaced', text }),
    noteTrouble: (text) => tracer.trouble({ operation, text }),
  };
}

// MODE S   200 MODE S ok.
/** Between two servers in stream mode alone: what else they have in common is known to neither. */
export async function enterStreamMode(link: Link): Promise<void> {
  const { line, options } = link;
  line.drop();
  const plain = { mode: 'stream', structure: 'file', type: 'image' } as const;
  const settings = settingsFor(line.parameters, plain, options.deflateLevel);
  takeSettings(link, settings, await link.batch(settings.map(({ command }) => command)));
}

const statusInTransfer = 'STAT during transfers';

/**
 * Seen to answer in mid-transfer with the bytes so far: pyftpdlib 1.5.7 at once, ProFTPD 1.3.8 when data move. Not so:
 * vsftpd 3.0.3 and inetutils-ftpd 2.4 answer when the transfer is over; Pure-FTPd 1.0.50 says 500, and of two STATs
 * answers one. They are not asked, nor is anybody unknown.
 */
function tellsStatus(greeting: string): boolean {
  return greeting.includes('pyftpdlib') || greeting.includes('ProFTPD');
}

function refusedBefore(verb: string, learned: Readonly<Record<string, string | undefined>>): boolean {
  return learned[verb] === 'refused';
}
