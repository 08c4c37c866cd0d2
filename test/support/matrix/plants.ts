import { Writable } from 'node:stream';
import { concatBytes } from '../../../src/base/bytes';
import { onAbort } from '../../../src/base/abort';
import { FtpError, type Environment, type FtpSession, type WireEvent } from '../../../src/ftp';
import type { Connection } from '../../../src/ftp/net/network';
import type { Plant } from './plant';

/** Broken variants of small parts. What the matrix does not see, it does not test. */
export const plants: readonly Plant[] = [
  {
    name: 'no size check',
    breaks: 'I1',
    session: (session) =>
      altered(session, { read: (path, options) => readWithoutProof(session, path, options) }),
  },
  {
    name: 'broken listing taken for empty',
    breaks: 'I1',
    session: (session) =>
      altered(session, { list: (path, options) => session.list(path, options).catch(() => []) }),
  },
  {
    name: 'listener kept',
    breaks: 'I6',
    environment: (environment) => ({
      ...environment,
      network: {
        connect: (to, how) => environment.network.connect(to, how),
        listen: async (at, accepted) => {
          const { local } = await environment.network.listen(at, accepted);
          return { local, dispose: () => undefined };
        },
      },
    }),
  },
  {
    name: 'abort listener left',
    breaks: 'I6',
    session: (session) =>
      altered(session, {
        list: async (path, options) => {
          onAbort(options?.signal, () => undefined);
          return session.list(path, options);
        },
      }),
  },
  {
    name: 'control connection kept',
    breaks: 'I8',
    environment: (environment, controlPort) =>
      overConnections(environment, (connection) =>
        connection.remote.port === controlPort
          ? changed(connection, { close: () => undefined, reset: () => undefined })
          : connection,
      ),
  },
  {
    name: 'deadline without a timer',
    breaks: 'I4',
    environment: (environment) => ({
      ...environment,
      clock: {
        now: () => environment.clock.now(),
        wallTime: () => environment.clock.wallTime(),
        setTimer: (milliseconds, fire, what) =>
          what === 'reply'
            ? { dispose: () => undefined }
            : environment.clock.setTimer(milliseconds, fire, what),
      },
    }),
  },
  {
    name: 'secret in an error',
    breaks: 'I9',
    session: (session, password) =>
      altered(session, {
        list: (path, options) =>
          rethrown(session.list(path, options), (error) => {
            const cause = new Error(`PASS ${password}`, { cause: error.cause });
            return new FtpError(error.code, error.message, { reply: error.reply, facts: error.facts, cause });
          }),
      }),
  },
  {
    name: 'slot kept open',
    breaks: 'I7',
    session: (session) => {
      let kept = 0;
      return altered(session, {
        read: (path, options) =>
          rethrown(session.read(path, options), (error) => {
            kept++;
            return error;
          }),
        inspect: () => ({ ...session.inspect(), openSlots: session.inspect().openSlots + kept }),
      });
    },
  },
  {
    name: 'rename repeated',
    breaks: 'I11',
    session: (session) =>
      altered(session, {
        rename: (from, to, options) =>
          session.rename(from, to, options).catch(() => session.rename(from, to, options)),
      }),
  },
  {
    name: 'effect guessed',
    breaks: 'I12',
    session: (session) =>
      altered(session, {
        write: (path, bytes, options) =>
          rethrown(session.write(path, bytes, options), (error) => {
            const facts = { ...error.facts, effect: 'unchanged' } as const;
            return new FtpError(error.code, error.message, { reply: error.reply, facts });
          }),
      }),
  },
  {
    name: 'success of half a write',
    breaks: 'I2',
    session: (session) =>
      altered(session, {
        write: (path, bytes, options) => session.write(path, bytes, options).catch(() => undefined),
      }),
  },
  {
    name: 'rejection let go',
    breaks: 'I10',
    session: (session) =>
      altered(session, {
        list: async (path, options) => {
          const listing = session.list(path, options);
          letGo.push(listing.then(() => undefined));
          return listing;
        },
      }),
  },
  {
    name: 'reply missing in the trace',
    breaks: 'I13',
    trace: (trace) => (event) => {
      if (event.kind !== 'received' || !isFinalOfTransfer(event)) trace(event);
    },
  },
];

/** Promises that nobody looks at any more. */
const letGo: Promise<void>[] = [];

/** Throws when there is none of that name. */
export function plantNamed(name: string): Plant {
  const plant = plants.find((candidate) => candidate.name === name);
  if (!plant) throw new Error(`No plant '${name}': there are ${plants.map((each) => each.name).join(', ')}.`);
  return plant;
}

/** The session, with some of its methods replaced. */
function altered(session: FtpSession, methods: Partial<FtpSession>): FtpSession {
  return new Proxy(session, {
    get(target, key) {
      const own: unknown = Reflect.get(methods, key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

async function readWithoutProof(
  session: FtpSession,
  path: string,
  options: Parameters<FtpSession['read']>[1],
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const sink = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      chunks.push(chunk.slice());
      done();
    },
  });
  // A sink that is given up is destroyed with the error.
  sink.on('error', () => undefined);
  await session.download(path, sink, options).catch((error: unknown) => {
    if (!FtpError.is(error, 'data-cut')) throw error;
  });
  return concatBytes(chunks);
}

async function rethrown<T>(work: Promise<T>, change: (error: FtpError) => FtpError): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof FtpError ? change(error) : error;
  });
}

function overConnections(
  environment: Environment,
  change: (connection: Connection) => Connection,
): Environment {
  const { network } = environment;
  return {
    ...environment,
    network: {
      connect: async (to, how) => change(await network.connect(to, how)),
      listen: (at, accepted) => network.listen(at, (connection) => accepted(change(connection))),
    },
  };
}

function changed(connection: Connection, methods: Partial<Connection>): Connection {
  return { ...connection, ...methods };
}

function isFinalOfTransfer(event: Extract<WireEvent, { kind: 'received' }>): boolean {
  return event.line.startsWith('226 ');
}
