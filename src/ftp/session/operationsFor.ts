import type { Environment } from '../net/environment';
import type { Identity } from '../pi/login';
import { createNameEncoding } from '../protocol/nameEncoding';
import { Tracer } from '../trace/tracer';
import { Connector } from './connector';
import type { ConnectOptions } from './ftpSession';
import type { LinkOptions } from './link';
import { Operations } from './operations';
import { implicitPort, SessionSecurity } from './security';

/** Puts together what runs a session's operations, from what the caller of `connect` asked for. */
export function operationsFor(options: ConnectOptions, environment: Environment): Operations {
  const tracer = new Tracer({
    clock: environment.clock,
    session: options.name ?? options.host,
    sink: options.trace,
    secrets: [options.password ?? '', options.account ?? ''],
  });
  const { host, port } = serverOf(options);
  const { connect: connectTimeout, reply: replyTimeout } = { ...defaultTimeouts, ...options.timeouts };
  const connector = new Connector({
    environment,
    tracer,
    encoding: createNameEncoding(options.encoding ?? 'auto'),
    host,
    port,
    identity: identityOf(options),
    security: securityOf(options, environment, tracer),
    connectTimeout,
    replyTimeout,
    shareLocalPort: options.dataConnection === 'default-port',
    onOutOfOrder: () => operations.fence(),
  });
  const operations: Operations = new Operations(
    connector,
    linkOptions(options, environment, tracer),
    options.profile,
  );
  return operations;
}

/** Whom `connect` goes to, with what RFC 959 and RFC 1635 take for granted. */
export function serverOf({ host, port, user = anonymous, security }: ConnectOptions): {
  host: string;
  port: number;
  user: string;
} {
  return { host, port: port ?? (security === 'implicit' ? implicitPort : defaultControlPort), user };
}

function securityOf(options: ConnectOptions, { clock }: Environment, tracer: Tracer): SessionSecurity {
  const { security = 'auto', tls = {} } = options;
  const { host, port } = serverOf(options);
  const { connect: timeout } = { ...defaultTimeouts, ...options.timeouts };
  return new SessionSecurity({ security, tls, host, port, clock, tracer, timeout });
}

function identityOf(options: ConnectOptions): Identity {
  const { user } = serverOf(options);
  const { password = user === anonymous ? anonymousPassword : '', account } = options;
  return { user, password, ...(account !== undefined && { account }) };
}

function linkOptions(options: ConnectOptions, environment: Environment, tracer: Tracer): LinkOptions {
  const { clock, network, outside, random } = environment;
  const { connect: connectTimeout, stall: stallTimeout } = { ...defaultTimeouts, ...options.timeouts };
  return {
    clock,
    network,
    random,
    tracer,
    outside,
    mode: options.mode ?? 'stream',
    deflateLevel: options.deflateLevel ?? defaultDeflateLevel,
    ways: options.dataConnection ?? 'auto',
    warm: options.warm ?? true,
    connectTimeout,
    stallTimeout,
    trustPassiveAddress: options.trustPassiveAddress ?? false,
    activeAddress: options.active?.address,
    activePorts: options.active?.ports ?? { first: 0, last: 0 },
  };
}

/** L of RFC 959 §3.2. */
const defaultControlPort = 21;
const anonymous = 'anonymous';
/** RFC 1635 asks for something like an address; nobody's real one is given away. */
const anonymousPassword = 'anonymous@';

/** zlib's own default. */
const defaultDeflateLevel = 6;

/** Milliseconds. */
const defaultTimeouts = { connect: 15_000, reply: 15_000, stall: 60_000 } as const;
