import type { Exchange } from '../pi/exchange';
import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import type { Arrangement, Meeting, RendezvousContext } from './rendezvous';

/** What goes out for a transfer besides the way's own commands. */
export interface Outgoing {
  /** Behind the prelude, and before `restart`. */
  readonly questions: readonly Command[] | undefined;
  readonly restart: Command | undefined;
  readonly command: Command;
  readonly behind?: readonly Command[];
  readonly sentBehind?: (replies: Promise<readonly Reply[]>) => void;
  readonly answered?: (opening: Reply) => void;
}

/** What is out, and who answers for it. */
export interface Sent {
  readonly meeting: Meeting;
  readonly exchange: Exchange;
  readonly prelude: Promise<readonly Reply[]>;
  readonly answers: Promise<readonly Reply[]>;
  readonly restarted: Promise<Reply> | undefined;
}

/**
 * All in one segment, or on a fenced server one by one: what is left of the prelude, REST, the command, and what may stand
 * behind it.
 */
export async function sendTransfer(
  { meeting, ahead, read }: Arrangement,
  { send, isFenced }: RendezvousContext,
  { questions = [], restart, command, behind = [], sentBehind, answered }: Outgoing,
): Promise<Sent> {
  const first = [...ahead, ...questions, ...(restart ? [restart] : [])];
  const exchanges = isFenced
    ? await sendOneByOne([...first, command], send)
    : await send([...first, command, ...behind]);
  const exchange = exchanges[first.length];
  if (!exchange) throw new RangeError('A command opens a slot.');
  exchange.opening.then(
    (reply) => answered?.(reply),
    () => undefined,
  );
  const sent = {
    meeting,
    exchange,
    prelude: finalsOf(exchanges.slice(0, ahead.length)).then(read),
    answers: finalsOf(exchanges.slice(ahead.length, ahead.length + questions.length)),
    restarted: restart && exchanges[first.length - 1]?.final,
  };
  sentBehind?.(finalsOf(exchanges.slice(first.length + 1)));
  // Whoever waits for the transfer is told of a loss.
  sent.prelude.catch(() => undefined);
  sent.answers.catch(() => undefined);
  return sent;
}

async function sendOneByOne(
  commands: readonly Command[],
  send: RendezvousContext['send'],
): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const command of commands) {
    await exchanges.at(-1)?.final;
    exchanges.push(...(await send([command])));
  }
  return exchanges;
}

function finalsOf(exchanges: readonly Exchange[]): Promise<readonly Reply[]> {
  return Promise.all(exchanges.map(({ final }) => final));
}
