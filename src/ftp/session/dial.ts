import type { Clock } from '../../base/clock';
import { withTimeLimit } from '../../base/timeLimit';
import { NetError, type Connection, type NetFault, type Network } from '../net/network';
import { FtpError, type FtpErrorCode } from '../protocol/errors';

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Somebody will listen on our local port while the connection is open: RFC 959 §3.2's port U. */
  readonly shareLocalPort: boolean;
}

/** Opens the TCP connection that becomes the control connection (RFC 959 §5.2: the user-PI initiates it). */
export async function dial(clock: Clock, network: Network, options: DialOptions): Promise<Connection> {
  const { host, port, timeout } = options;
  return withTimeLimit(clock, timeout, 'connect', options.signal, async (signal, ranOut) => {
    try {
      const how = { noDelay: true, signal, ...(options.shareLocalPort && { from: {} }) };
      return await network.connect({ host, port }, how);
    } catch (cause) {
      const code = ranOut() ? 'connection-timed-out' : codeOf(cause);
      const facts = { host, port, seconds: timeout / 1000 };
      throw new FtpError(code, `Cannot connect to ${host}:${port}.`, { cause, facts });
    }
  });
}

function codeOf(error: unknown): FtpErrorCode {
  return error instanceof NetError ? codes[error.fault] : 'host-unreachable';
}

const codes: Readonly<Record<NetFault, FtpErrorCode>> = {
  refused: 'connection-refused',
  unreachable: 'host-unreachable',
  'host-not-found': 'host-not-found',
  'timed-out': 'connection-timed-out',
  reset: 'connection-refused',
  'broken-pipe': 'connection-refused',
  'address-in-use': 'host-unreachable',
  'address-not-available': 'host-unreachable',
  'handshake-failed': 'connection-refused',
  'certificate-refused': 'connection-refused',
  truncated: 'connection-refused',
  aborted: 'aborted',
};
