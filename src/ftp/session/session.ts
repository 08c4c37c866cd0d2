import type { Readable, Writable } from 'node:stream';
import { Deferred } from '../../base/deferred';
import { grouped } from '../../base/grouped';
import { marksEnd, type TransferMode } from '../dtp/dataLine';
import { piecesOf } from '../dtp/pieces';
import type { Entry } from '../listing/entry';
import type { Environment } from '../net/environment';
import type { ServerProfile } from '../pi/serverProfile';
import { parseCommandLine } from '../protocol/command';
import type { FtpError } from '../protocol/errors';
import { normalizePath } from '../protocol/pathname';
import type { Reply } from '../protocol/reply';
import type { OperationName, TlsDetails } from '../trace/wireEvent';
import { copyBetween, type CopyParty } from './copy';
import { copyThrough } from './copyThrough';
import type {
  ConnectOptions,
  CopyOptions,
  FtpSession,
  ListOptions,
  OperationOptions,
  ReadOptions,
  SessionInspection,
  SessionState,
  WriteOptions,
} from './ftpSession';
import type { Link } from './link';
import { list } from './list';
import { makeDirectory } from './makeDirectory';
import type { Operations } from './operations';
import { operationsFor, serverOf } from './operationsFor';
import { downloadInSteps, readInSteps } from './read';
import { ReadQueue } from './readQueue';
import { readRecords } from './readRecords';
import { remove, removeDirectory } from './remove';
import { rename } from './rename';
import { sendRaw } from './raw';
import { setMode, setModified } from './setAttributes';
import { StatQueue } from './statQueue';
import { chunksOf, sinkInto } from './streams';
import { save } from './save';
import { upload } from './upload';
import type { Content, Stored } from './write';

/** The engine's session: each method is one operation, run in its turn. */
export class Session implements FtpSession {
  private static count = 0;
  /** Where the mode lets one data connection serve many files. */
  private readonly queue: ReadQueue | undefined;
  private readonly stats: StatQueue;

  private constructor(
    private readonly operations: Operations,
    private readonly party: CopyParty,
    mode: TransferMode,
  ) {
    this.queue = marksEnd(mode) ? new ReadQueue(operations) : undefined;
    this.stats = new StatQueue(operations);
  }

  /** Connects and signs in. */
  static async open(options: ConnectOptions, environment: Environment): Promise<Session> {
    const operations = operationsFor(options, environment);
    const { host, port, user } = serverOf(options);
    await operations.run({
      name: 'sign-in',
      signal: options.signal,
      begin: `Sign in to ${host}:${port} as ${user}`,
      end: () => 'Signed in',
      run: (perform) => perform(() => Promise.resolve()),
    });
    const { dialect, mode = 'stream' } = options;
    const { random } = environment;
    const party = { operations, dialect, random, serial: ++Session.count, pairs: new WeakMap() };
    return new Session(operations, party, mode);
  }

  get address(): string | undefined {
    return this.operations.connection?.remote.host;
  }

  get security(): TlsDetails | undefined {
    return this.operations.connection?.security;
  }

  get profile(): ServerProfile {
    if (!this.operations.profile) throw new Error('A session has signed in once.');
    return this.operations.profile;
  }

  get state(): SessionState {
    if (this.operations.isClosed) return 'closed';
    if (this.operations.isConnecting) return 'connecting';
    return this.operations.connection ? 'ready' : 'disconnected';
  }

  async list(path: string, options: ListOptions = {}): Promise<Entry[]> {
    const place = normalizePath(path);
    return this.operations.run({
      ...planOf('list', place, options),
      begin: `List ${place}`,
      end: ({ length }) => `Listed ${place}, ${length} ${length === 1 ? 'entry' : 'entries'}`,
      run: (perform) => perform((link) => list(link, place, options.linkKind)),
    });
  }

  async stat(path: string, options: OperationOptions = {}): Promise<Entry> {
    return this.stats.stat(normalizePath(path), options.signal);
  }

  async read(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const place = normalizePath(path);
    const isPlain =
      !options.offset && options.length === undefined && !options.onProgress && !options.structure;
    if (this.queue && isPlain) return this.queue.read(place, options.signal);
    const whole = new Deferred<Uint8Array>();
    // Whoever watches the progress wants to see its end.
    const early = options.onProgress ? undefined : (bytes: Uint8Array): void => whole.resolve(bytes);
    const read = this.operations.run<Uint8Array>({
      ...planOf('read', place, options),
      mayShare: isPlain,
      begin: `Read ${place}`,
      end: (bytes) => `Read ${count(bytes.length)}`,
      run: (perform, _signal, way) => readInSteps(perform, way, place, options, early),
    });
    read.then(
      (bytes) => whole.resolve(bytes),
      (error: FtpError) => {
        if (whole.settled && !isOurDoing(error)) options.onDoubt?.(error);
        else whole.reject(error);
      },
    );
    return whole.promise;
  }

  async readRecords(path: string, options: OperationOptions = {}): Promise<Uint8Array[]> {
    const place = normalizePath(path);
    return this.operations.run({
      ...planOf('read', place, options),
      begin: `Read the records of ${place}`,
      end: ({ length }) => `Read ${length} ${length === 1 ? 'record' : 'records'}`,
      run: (perform) => perform((link) => readRecords(link, place)),
    });
  }

  async write(path: string, bytes: Uint8Array, options: WriteOptions = {}): Promise<void> {
    const content = (): Content => ({
      pieces: () => piecesOf(bytes),
      total: bytes.length,
      isRepeatable: true,
    });
    const place = normalizePath(path);
    await this.operations.run<Stored>({
      ...planOf('write', place, options),
      begin: `Save ${place}, ${count(bytes.length)}`,
      end: savedText,
      run: (perform) => save(perform, place, content, options),
    });
  }

  async download(
    path: string,
    stream: WritableStream<Uint8Array> | Writable,
    options: ReadOptions = {},
  ): Promise<void> {
    const place = normalizePath(path);
    const sink = sinkInto(stream);
    try {
      await this.operations.run({
        ...planOf('read', place, options),
        urgency: 'bulk',
        begin: `Download ${place}`,
        end: () => 'Downloaded',
        run: (perform, _signal, way) => downloadInSteps(perform, way, place, sink, options),
      });
      await sink.close();
    } catch (error) {
      await sink.abort(error);
      throw error;
    }
  }

  async upload(
    source: ReadableStream<Uint8Array> | Readable,
    path: string,
    options: WriteOptions = {},
  ): Promise<void> {
    const place = normalizePath(path);
    await this.operations.run<Stored>({
      ...planOf('write', place, options),
      urgency: 'bulk',
      begin: `Save ${place}, from a stream`,
      end: savedText,
      run: (perform, _signal, way) => upload(perform, way, place, chunksOf(source), options),
    });
  }

  async rename(from: string, to: string, options: OperationOptions = {}): Promise<void> {
    const target = normalizePath(to);
    return this.simple('rename', from, 'Rename', options, (link, place) => rename(link, place, target));
  }

  async remove(path: string, options: OperationOptions = {}): Promise<void> {
    return this.simple('remove', path, 'Delete', options, remove);
  }

  async makeDirectory(path: string, options: OperationOptions = {}): Promise<void> {
    return this.simple('make-directory', path, 'Make directory', options, makeDirectory);
  }

  async removeDirectory(path: string, options: OperationOptions = {}): Promise<void> {
    return this.simple('remove-directory', path, 'Remove directory', options, removeDirectory);
  }

  async setModified(path: string, time: number, options: OperationOptions = {}): Promise<void> {
    return this.simple('set-modified', path, 'Set the time of', options, (link, place) =>
      setModified(link, place, time),
    );
  }

  async setMode(path: string, mode: number, options: OperationOptions = {}): Promise<void> {
    return this.simple('set-mode', path, 'Set the permissions of', options, (link, place) =>
      setMode(link, place, mode),
    );
  }

  async copyTo(
    path: string,
    target: FtpSession,
    targetPath: string,
    options: CopyOptions = {},
  ): Promise<{ route: 'direct' | 'relay' }> {
    const [from, to] = [normalizePath(path), normalizePath(targetPath)];
    if (target instanceof Session) {
      const { route } = await copyBetween(this.party, from, target.party, to, options);
      return { route };
    }
    await copyThrough(this, from, target, to, options);
    return { route: 'relay' };
  }

  async send(line: string, options: OperationOptions = {}): Promise<Reply> {
    const command = parseCommandLine(line);
    return this.operations.run({
      name: 'raw',
      signal: options.signal,
      begin: `Raw command ${command.verb}`,
      end: (reply) => `Answered ${reply.code}`,
      run: (perform) => perform((link) => sendRaw(link, command)),
    });
  }

  async close(): Promise<void> {
    return this.operations.close();
  }

  inspect(): SessionInspection {
    const { connection, queued, warm } = this.operations;
    return {
      openSlots: connection?.openSlots ?? 0,
      unparsedBytes: connection?.unparsedBytes ?? 0,
      queued,
      warm,
    };
  }

  private async simple<T>(
    name: OperationName,
    path: string,
    words: string,
    options: OperationOptions,
    work: (link: Link, path: string) => Promise<T>,
  ): Promise<T> {
    const place = normalizePath(path);
    return this.operations.run({
      ...planOf(name, place, options),
      begin: `${words} ${place}`,
      end: () => 'Done',
      run: (perform) => perform((link) => work(link, place)),
    });
  }
}

/** What the server did not say was not its fault. */
function isOurDoing({ code }: FtpError): boolean {
  return code === 'aborted' || code === 'session-closed';
}

function planOf(
  name: OperationName,
  path: string,
  { signal }: OperationOptions,
): { name: OperationName; path: string; signal: AbortSignal | undefined } {
  return { name, path, signal };
}

function savedText({ size }: Stored): string {
  return `Saved ${size === undefined ? '' : count(size)}`;
}

function count(bytes: number): string {
  return `${grouped(bytes)} bytes`;
}
