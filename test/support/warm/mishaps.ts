import type { Action, ReplyAction } from '../server/actions';
import { withCode } from '../server/replyFaults';
import type { Befalling } from './warmScript';

/** Something that goes wrong with a data connection that was made ready. */
export interface Mishap extends Befalling {
  readonly name: string;
  /** Round trips that it costs at most, of 50 ms, beyond those without any that was made ready. */
  readonly costs: number;
  /** Milliseconds that the server waits for a data connection. */
  readonly acceptLimit?: number;
  /** From here on nothing passes between the two ends. */
  readonly isPathCut?: true;
}

/** Milliseconds behind the moment in which it is there; by then nobody has used it. */
const soon = 300;
/** The command leaves the client when that leaves the server: less than the 25 ms that each of them travels. */
const crossing = 10;

export const mishaps: readonly Mishap[] = [
  { name: 'none', costs: 0 },
  { name: 'reset at once', costs: 0, open: (data) => [{ kind: 'break', data }] },
  { name: 'reset before use', costs: 0, open: (data) => after(soon, { kind: 'break', data }) },
  { name: 'closed before use', costs: 0, open: (data) => after(soon, { kind: 'end', data }) },
  {
    name: 'reset, crossing the command',
    costs: 2,
    open: (data, left) => after(left - crossing, { kind: 'break', data }),
  },
  {
    name: 'closed, crossing the command',
    costs: 2,
    open: (data, left) => after(left - crossing, { kind: 'end', data }),
  },
  { name: 'reset at the command', costs: 2, used: (data) => [{ kind: 'break', data }, shortly] },
  { name: 'closed at the command', costs: 2, used: (data) => [{ kind: 'end', data }, shortly] },
  {
    name: 'closed empty, and 226',
    costs: 2,
    carrying: (data) => [
      { kind: 'end', data },
      { kind: 'pretend-sent', data },
    ],
  },
  {
    name: 'closed empty, and 426',
    costs: 2,
    carrying: (data) => [
      { kind: 'end', data },
      { kind: 'pretend-sent', data },
    ],
    answered: (reply) => [replyAbove(reply, 426)],
  },
  { name: 'bytes that nobody asked for', costs: 0, open: (data) => after(soon, sendQuietly(data, 'Hello!')) },
  { name: 'never accepted, 425 soon', costs: 12, listening: ignored, acceptLimit: 500 },
  { name: 'never accepted, 425 later', costs: 102, listening: ignored, acceptLimit: 5_000 },
  { name: 'never accepted, no word', costs: 310, listening: ignored, acceptLimit: 600_000 },
  { name: 'accepted, and dead', costs: 1203, isPathCut: true },
  { name: '421 before use', costs: 5, open: () => after(soon, ...goodbye) },
  { name: '425 that nobody asked for', costs: 5, open: () => after(soon, said('425 Nobody came.')) },
  { name: '421 at the command', costs: 6, answered: () => goodbye },
  { name: 'EPSV unanswered', costs: 590, announced: () => [] },
  { name: 'EPSV answered 500', costs: 0, announced: (reply) => [withCode(reply, 500)] },
  { name: 'EPSV answered 502', costs: 0, announced: (reply) => [withCode(reply, 502)] },
  { name: 'EPSV answered 522', costs: 0, announced: (reply) => [withCode(reply, 522)] },
  { name: 'EPSV answered 421', costs: 8, announced: () => goodbye },
  { name: 'EPSV answered 425', costs: 0, announced: (reply) => [withCode(reply, 425)] },
  {
    name: 'EPSV answered without a port',
    costs: 0,
    announced: (reply) => [{ ...reply, lines: ['229 Passive.'] }],
  },
  { name: 'nobody at the port', costs: 0, listening: (name) => [{ kind: 'spoil', name, how: 'shut' }] },
  {
    name: 'no answer from the port',
    costs: 83,
    announced: (reply) => [{ ...reply, lines: [`229 Passive (|||${deadPort}|)`] }],
  },
];

/** The news of the data connection comes before the reply. */
const shortly: Action = { kind: 'control-wait', milliseconds: 1 };

/** Where segments go that nobody answers. */
export const deadPort = 9;

function after(milliseconds: number, ...actions: readonly Action[]): readonly Action[] {
  return [{ kind: 'later', milliseconds, actions }];
}

/** Somebody on the way answers the SYN; the server never hears of it. */
function ignored(name: string): readonly Action[] {
  return [{ kind: 'spoil', name, how: 'ignore' }];
}

function sendQuietly(data: string, words: string): Action {
  return { kind: 'send-quietly', data, bytes: new TextEncoder().encode(words) };
}

function said(line: string): ReplyAction {
  return { kind: 'reply', command: 'nothing', lines: [line] };
}

const goodbye: readonly Action[] = [said('421 Timeout, closing.'), { kind: 'control-close' }];

/** A final reply becomes another; a preliminary one stays. */
function replyAbove(reply: ReplyAction, code: number): ReplyAction {
  return reply.lines[0]?.startsWith('1') ? reply : withCode(reply, code);
}
