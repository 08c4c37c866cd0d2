import type { Exchange } from '../pi/exchange';
import type { Command } from '../protocol/command';
import type { Reply } from '../protocol/reply';
import { FtpError } from '../protocol/errors';
import type { Flow } from './flow';

/** The data ended; a reply that never comes leaves open whether all is well. */
export async function finalOf(
  exchange: Exchange,
  request: { readonly path: string; readonly command: Command },
): Promise<Reply> {
  try {
    return await exchange.final;
  } catch (cause) {
    if (!FtpError.is(cause, 'reply-timed-out')) throw cause;
    const facts = { path: request.path, command: request.command.verb };
    throw new FtpError('data-unconfirmed', 'The data ended, but the server never confirmed it.', {
      cause,
      facts,
    });
  }
}

export function cancelled(): FtpError {
  return new FtpError('aborted', 'The operation was cancelled.');
}

export function localFailure(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

export function stalled(request: { readonly path: string }, flow: Flow): FtpError {
  const facts = { path: request.path, bytes: flow.bytes };
  return new FtpError('data-stalled', 'No byte arrived for too long.', { facts });
}

export function cutShort(request: { readonly path: string }, flow: Flow): FtpError {
  const facts = { path: request.path, bytes: flow.bytes };
  return new FtpError('data-cut', 'The server closed the data connection in mid-file.', { facts });
}

// 426 Failure reading network stream.
export function broken(error: FtpError, flow: Flow): FtpError {
  if (error.code !== 'data-cut') return error;
  return new FtpError('data-cut', error.message, {
    reply: error.reply,
    facts: { ...error.facts, bytes: flow.bytes },
  });
}
