import { concatBytes } from '../../../src/base/bytes';
import type { Action, ReplyAction } from './actions';
import { encodeReply } from './controlBytes';
import type { Fault } from './faultKinds';

/** Thirty seconds: longer than a client's patience with one reply. */
const LATE = 30_000;

/** What becomes of a reply; the kinds that need a second reply are in `FaultScript`. */
export function spoilReply(reply: ReplyAction, fault: Fault): readonly Action[] {
  const bytes = encodeReply(reply);
  const first = reply.lines[0] ?? '';
  const code = first.slice(0, 3);
  switch (fault.kind) {
    case 'silence':
      return [];
    case 'late':
      return [{ kind: 'control-wait', milliseconds: fault.milliseconds ?? LATE }, reply];
    case 'close':
      return [{ kind: 'control-close' }];
    case 'reset':
      return [{ kind: 'control-reset' }];
    case 'goodbye':
      return [{ ...reply, lines: ['421 Service not available, closing.'] }, { kind: 'control-close' }];
    case 'code':
      return [withCode(reply, fault.code ?? 451)];
    case 'garbage':
      return [raw(Uint8Array.from([0xfe, 0x80, 0x00, 0x32, 0xc3, 0x28, 0x0d, 0x0a]))];
    case 'nul':
      return [raw(spliced(bytes, 4, [0]))];
    case 'iac':
      // IAC WILL ECHO in front of a text: RFC 854.
      return [raw(spliced(bytes, 4, [255, 251, 1]))];
    case 'cr-nul':
      return [raw(spliced(bytes, 4, [13, 0]))];
    case 'megabyte':
      return [{ ...reply, lines: [`${code} ${'x'.repeat(1 << 20)}`] }];
    case 'doubled':
      return [reply, reply];
    case 'extra':
      return [{ ...reply, lines: ['200 Nobody asked.'] }, reply];
    case 'look-alike':
      return [{ ...reply, lines: lookAlike(code, reply.lines) }];
    case 'cut':
      return cutInTwo(bytes, fault);
    case 'injected':
      return injected(bytes, fault);
    default:
      throw new Error(`A reply cannot suffer '${fault.kind}'.`);
  }
}

export function withCode(reply: ReplyAction, code: number): ReplyAction {
  return { ...reply, lines: [`${code} Fault injected.`] };
}

/** A multi-line reply (RFC 959 §4.2) whose middle looks like ends of other replies. */
function lookAlike(code: string, lines: readonly string[]): string[] {
  const rest = lines.length > 1 ? lines.slice(1) : lines;
  return [
    `${code}-begin`,
    ` ${code} not the end`,
    '226 not this reply',
    `${code}-still going on`,
    '',
    ...rest,
  ];
}

function cutInTwo(bytes: Uint8Array, fault: Fault): readonly Action[] {
  const at = fault.bytes ?? bytes.length >> 1;
  const wait = { kind: 'control-wait', milliseconds: fault.milliseconds ?? 1 } as const;
  return [raw(bytes.subarray(0, at)), wait, raw(bytes.subarray(at))];
}

/** Somebody in the middle adds a reply in clear: at 234, a client that keeps it takes it for one in TLS (CVE-2021-22947). */
function injected(bytes: Uint8Array, { milliseconds }: Fault): readonly Action[] {
  if (milliseconds === undefined) return [raw(concatBytes([bytes, INJECTED]))];
  return [raw(bytes), { kind: 'control-wait', milliseconds }, raw(INJECTED)];
}

const INJECTED = new TextEncoder().encode('230 Injected.\r\n');

function raw(bytes: Uint8Array): Action {
  return { kind: 'control-bytes', bytes };
}

function spliced(bytes: Uint8Array, at: number, more: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...more, ...bytes.subarray(at)]);
}
