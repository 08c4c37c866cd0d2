import { Readable, Writable } from 'node:stream';
import type {
  CopyOptions,
  Entry,
  FtpSession,
  ListOptions,
  ModifiedTime,
  Reply,
  ServerProfile,
  SessionInspection,
} from '../../src/ftp';
import { FtpError, type FtpErrorCode } from '../../src/ftp/protocol/errors';

export interface FakeNode {
  kind: 'file' | 'directory' | 'symlink';
  bytes?: Uint8Array;
  /** Milliseconds since 1970. */
  modified?: number;
  mode?: number;
  permissions?: string;
  /** An absolute path, for a link. */
  target?: string;
}

export interface Call {
  readonly verb: string;
  readonly path: string;
}

interface Fault {
  readonly verb: string;
  readonly path: string | undefined;
  readonly error: Error;
  readonly after: boolean;
}

const profile: ServerProfile = {
  greeting: 'fake',
  system: 'UNIX Type: L8',
  features: [],
  home: '/',
  learned: { rendezvous: {}, fenced: false, unsupported: [] },
};

/**
 * A server in memory behind the session's interface: records every call, fails and waits on demand.
 * Changes made through `put`, `directory`, `link` and `drop` are those of another client.
 */
export class FakeSession implements FtpSession {
  readonly calls: Call[] = [];
  /** The routes that copies were asked to take. */
  readonly routes: string[] = [];
  readonly nodes = new Map<string, FakeNode>([['/', { kind: 'directory' }]]);
  readonly profile = profile;
  state: FtpSession['state'] = 'ready';
  /** A server of the LIST kind: times to the minute. */
  coarse = false;
  /** A server whose MLSD shows what links lead to, as if there were no link. */
  followsLinks = false;
  /** Milliseconds since 1970 that a write leaves behind; goes up with every change. */
  time = 1_000_000_000_000;
  private readonly faults: Fault[] = [];
  private gate: Promise<void> | undefined;
  private open: (() => void) | undefined;

  put(path: string, text = '', node: Partial<FakeNode> = {}): this {
    this.nodes.set(path, { kind: 'file', bytes: Buffer.from(text), modified: (this.time += 1000), ...node });
    return this;
  }

  directory(path: string, node: Partial<FakeNode> = {}): this {
    this.nodes.set(path, { kind: 'directory', modified: (this.time += 1000), ...node });
    return this;
  }

  link(path: string, target: string): this {
    this.nodes.set(path, { kind: 'symlink', target, modified: (this.time += 1000) });
    return this;
  }

  drop(path: string): this {
    for (const known of [...this.nodes.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.nodes.delete(known);
    }
    return this;
  }

  text(path: string): string | undefined {
    const bytes = this.nodes.get(path)?.bytes;
    return bytes && Buffer.from(bytes).toString();
  }

  /** The next `verb` (on `path`) fails; with `after`, once it has done its work. */
  failNext(verb: string, code: FtpErrorCode | Error, on: { path?: string; after?: boolean } = {}): void {
    const error = code instanceof Error ? code : new FtpError(code, `fake ${code}`);
    this.faults.push({ verb, path: on.path, error, after: on.after ?? false });
  }

  /** Calls wait from now on, until `release`. */
  hold(): void {
    this.gate = new Promise((resolve) => (this.open = resolve));
  }

  release(): void {
    this.open?.();
    this.gate = undefined;
  }

  count(verb: string, path?: string): number {
    return this.calls.filter((call) => call.verb === verb && (path === undefined || call.path === path))
      .length;
  }

  list(path: string, { linkKind }: ListOptions = {}): Promise<Entry[]> {
    return this.perform('list', path, () => {
      if (this.resolved(path).kind !== 'directory') throw failure('not-a-directory', path);
      const real = this.resolvePath(path);
      return [...this.nodes.keys()]
        .filter((known) => known !== '/' && parentOf(known) === real)
        .map((known) => this.listed(known, linkKind));
    });
  }

  stat(path: string): Promise<Entry> {
    return this.perform('stat', path, () => {
      this.resolved(path);
      return this.entry(path, false);
    });
  }

  read(path: string): Promise<Uint8Array> {
    return this.perform('read', path, () => {
      const node = this.resolved(path);
      if (node.kind === 'directory') throw failure('no-permission', path);
      return node.bytes ?? new Uint8Array();
    });
  }

  async readRecords(path: string): Promise<Uint8Array[]> {
    const lines = Buffer.from(await this.read(path))
      .toString('latin1')
      .split('\n');
    return lines.map((line) => Buffer.from(line, 'latin1'));
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.perform('write', path, () => this.store(path, bytes));
  }

  async download(path: string, sink: WritableStream<Uint8Array> | Writable): Promise<void> {
    const bytes = await this.read(path);
    if (!(sink instanceof Writable)) throw new Error('the fake serves node streams only');
    sink.end(bytes);
  }

  async upload(source: ReadableStream<Uint8Array> | Readable, path: string): Promise<void> {
    if (!(source instanceof Readable)) throw new Error('the fake serves node streams only');
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk as Uint8Array);
    await this.write(path, Buffer.concat(chunks));
  }

  rename(from: string, to: string): Promise<void> {
    return this.perform('rename', from, () => {
      this.own(from);
      this.parent(to);
      if (this.nodes.get(to)?.kind === 'directory') throw failure('no-permission', to);
      for (const [path, node] of [...this.nodes]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        this.nodes.delete(path);
        this.nodes.set(to + path.slice(from.length), node);
      }
    });
  }

  remove(path: string): Promise<void> {
    return this.perform('remove', path, () => {
      if (this.own(path).kind === 'directory') throw failure('no-permission', path);
      this.nodes.delete(path);
    });
  }

  makeDirectory(path: string): Promise<void> {
    return this.perform('makeDirectory', path, () => {
      this.parent(path);
      if (this.nodes.has(path)) throw failure('no-permission', path);
      this.directory(path);
    });
  }

  removeDirectory(path: string): Promise<void> {
    return this.perform('removeDirectory', path, () => {
      if (this.own(path).kind !== 'directory') throw failure('no-permission', path);
      if ([...this.nodes.keys()].some((known) => known.startsWith(`${path}/`))) {
        throw failure('directory-not-empty', path);
      }
      this.nodes.delete(path);
    });
  }

  setModified(path: string, time: number): Promise<void> {
    return this.perform('setModified', path, () => {
      this.own(path).modified = time;
    });
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.perform('setMode', path, () => {
      this.own(path).mode = mode;
    });
  }

  copyTo(
    path: string,
    target: FtpSession,
    targetPath: string,
    { route = 'relay', signal, onProgress }: CopyOptions = {},
  ): Promise<{ route: 'direct' | 'relay' }> {
    return this.perform('copyTo', path, () => {
      if (!(target instanceof FakeSession)) throw new Error('the fake copies to fakes only');
      if (signal?.aborted) throw failure('aborted', path);
      this.routes.push(route);
      const bytes = this.resolved(path).bytes ?? new Uint8Array();
      target.store(targetPath, bytes);
      onProgress?.(bytes.length, bytes.length);
      return { route: route === 'relay' ? 'relay' : 'direct' };
    });
  }

  send(line: string): Promise<Reply> {
    return this.perform('send', line, () => ({ code: 200, lines: ['200 ok'], bytes: [] }));
  }

  close(): Promise<void> {
    this.state = 'closed';
    return Promise.resolve();
  }

  inspect(): SessionInspection {
    return { openSlots: 0, unparsedBytes: 0, queued: 0, warm: 0 };
  }

  private async perform<T>(verb: string, path: string, work: () => T): Promise<T> {
    this.calls.push({ verb, path });
    const fault = this.takeFault(verb, path);
    await this.gate;
    if (fault && !fault.after) throw fault.error;
    const result = work();
    if (fault) throw fault.error;
    return result;
  }

  private takeFault(verb: string, path: string): Fault | undefined {
    const index = this.faults.findIndex(
      (fault) => fault.verb === verb && (fault.path === undefined || fault.path === path),
    );
    return index < 0 ? undefined : this.faults.splice(index, 1)[0];
  }

  private entry(path: string, listed: boolean): Entry {
    const node = this.own(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const leadsTo = node.kind === 'symlink' ? this.nodes.get(this.resolvePath(path)) : undefined;
    if (leadsTo && (!listed || this.followsLinks)) return described(name, leadsTo, false);
    return described(name, node, listed && this.coarse);
  }

  /** As the engine does, which asks what a link leads to unless its caller knows. */
  private listed(path: string, linkKind: ListOptions['linkKind']): Entry {
    const entry = this.entry(path, true);
    if (entry.type !== 'symlink') return entry;
    const kind = linkKind?.(entry) ?? this.nodes.get(this.resolvePath(path))?.kind;
    return kind === 'file' || kind === 'directory' ? { ...entry, targetType: kind } : entry;
  }

  private store(path: string, bytes: Uint8Array): void {
    this.parent(path);
    const real = this.resolvePath(path);
    const before = this.nodes.get(real);
    if (before?.kind === 'directory') throw failure('no-permission', path);
    this.nodes.set(real, { ...before, kind: 'file', bytes, modified: (this.time += 1000) });
  }

  private own(path: string): FakeNode {
    const node = this.nodes.get(inRealParent(path, (parent) => this.resolvePath(parent)));
    if (!node) throw failure('not-found', path);
    return node;
  }

  private parent(path: string): void {
    // As real servers do: no parent and no permission are one reply.
    if (this.nodes.get(this.resolvePath(parentOf(path)))?.kind !== 'directory') {
      throw failure('no-permission', path);
    }
  }

  private resolved(path: string): FakeNode {
    return this.own(this.resolvePath(path));
  }

  private resolvePath(path: string): string {
    if (path === '/') return path;
    const real = inRealParent(path, (parent) => this.resolvePath(parent));
    const node = this.nodes.get(real);
    return node?.kind === 'symlink' && node.target !== undefined ? node.target : real;
  }
}

function inRealParent(path: string, resolve: (parent: string) => string): string {
  if (path === '/') return path;
  const parent = resolve(parentOf(path));
  return `${parent === '/' ? '' : parent}${path.slice(path.lastIndexOf('/'))}`;
}

function described(name: string, node: FakeNode, coarse: boolean): Entry {
  return {
    name,
    type: node.kind,
    ...(node.kind === 'file' && { size: node.bytes?.length ?? 0 }),
    ...(node.modified !== undefined && { modified: toModified(node.modified, coarse) }),
    ...(node.mode !== undefined && { mode: node.mode }),
    ...(node.permissions !== undefined && { permissions: node.permissions }),
    ...(node.target !== undefined && { target: node.target }),
  };
}

function toModified(time: number, coarse: boolean): ModifiedTime {
  return coarse ? { time: time - (time % 60_000), precision: 'minute' } : { time, precision: 'second' };
}

function failure(code: FtpErrorCode, path: string): FtpError {
  return new FtpError(code, `fake ${code}`, { facts: { path } });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
