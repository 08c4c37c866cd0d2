import type { WireEvent } from '../../src/ftp';
import type { Counted, Row } from './rows';

/** What a server does that makes a bar impossible there. It counts only where the trace of the same run proves it. */
export interface Reason {
  readonly words: string;
  /** The pairs of events between which nothing but the server's behaviour was waited for. */
  waits(trace: readonly WireEvent[]): readonly (readonly [from: WireEvent, to: WireEvent])[];
}

/** Proof that was found in one run. */
export interface Proof {
  /** Round trips that went by in such waits. */
  readonly lost: number;
  /** The first waits, line by line, with their times in round trips. */
  readonly lines: readonly string[];
}

export const reasons: { readonly [row in Row]?: { readonly [daemon in Counted]?: Reason } } = {
  'twenty active': {
    vsftpd: {
      words:
        'vsftpd closes its data connection with SO_LINGER, in a race between two of its processes: the 226 leaves at ' +
        'once, or only when the FIN has been acknowledged, a round trip after the file was whole and closed here',
      waits: repliesHeldBack,
    },
  },
};

/** @param roundTrip milliseconds */
export function proofOf({ waits }: Reason, trace: readonly WireEvent[], roundTrip: number): Proof {
  const [first] = trace;
  const found = waits(trace).filter(([from, to]) => to.at - from.at > shortestWait * roundTrip);
  const trips = (event: WireEvent): string =>
    ((event.at - (first?.at ?? 0)) / roundTrip).toFixed(2).padStart(6);
  return {
    lost: found.reduce((sum, [from, to]) => sum + (to.at - from.at) / roundTrip, 0),
    lines: found
      .slice(0, shownWaits)
      .flatMap((pair) => pair.map((each) => `${trips(each)}  ${textOf(each)}`)),
  };
}

/** In round trips. */
const shortestWait = 0.8;
const shownWaits = 3;

/** The 226 that comes after its file has ended, when nothing was sent in between. */
function repliesHeldBack(trace: readonly WireEvent[]): (readonly [WireEvent, WireEvent])[] {
  return trace.flatMap((event, index) => {
    const next = trace.slice(index + 1).find(({ kind }) => kind === 'sent' || kind === 'received');
    const isWhole = event.kind === 'data' && event.phase === 'closed' && event.closedBy === 'server';
    const isHeld = next?.kind === 'received' && next.line.startsWith('226');
    return isWhole && isHeld ? [[event, next] as const] : [];
  });
}

function textOf(event: WireEvent): string {
  if (event.kind === 'sent') return `> ${event.line}`;
  if (event.kind === 'received') return `< ${event.line}`;
  return `= ${'text' in event ? event.text : event.kind}`;
}
