import { Uri, type FileChangeEvent } from 'vscode';
import { Emitter } from '../../src/base/event';
import { FtpFileSystemProvider } from '../../src/workspace/ftpFileSystemProvider';
import { FakeClock } from './fakeClock';
import { FakeSession } from './fakeSession';

/** A provider over fake sessions, one for each authority that is asked for. */
export class FileSystemUnderTest {
  readonly clock = new FakeClock();
  readonly reconnected = new Emitter<string>();
  readonly batches: FileChangeEvent[][] = [];
  readonly sessions = new Map<string, FakeSession>();
  folders: Uri[] = [];
  focused = true;
  disconnected = false;
  interval = 15_000;
  /** How two servers exchange files; undefined: a person gives up. */
  route: 'auto' | 'direct' | 'relay' | undefined = 'relay';
  readonly routesAsked: string[] = [];
  readonly provider: FtpFileSystemProvider;

  constructor() {
    this.provider = new FtpFileSystemProvider({
      sessions: {
        session: (authority) => Promise.resolve(this.sessionOf(authority)),
        openSession: (authority) => (this.disconnected ? undefined : this.sessionOf(authority)),
        serverName: (authority) => authority,
        onDidReconnect: this.reconnected.event,
      },
      clock: this.clock,
      folders: () => this.folders,
      focused: () => this.focused,
      pollInterval: () => this.interval,
      copyRoute: (source, target) => {
        this.routesAsked.push(`${source.authority} → ${target.authority}`);
        return Promise.resolve(this.route);
      },
    });
    this.provider.onDidChangeFile((events) => this.batches.push(events));
  }

  get session(): FakeSession {
    return this.sessionOf('shop');
  }

  sessionOf(authority: string): FakeSession {
    const session = this.sessions.get(authority) ?? new FakeSession();
    this.sessions.set(authority, session);
    return session;
  }

  /** All events so far, such as `Created /a`, once the buffer has run out. */
  async events(): Promise<string[]> {
    await this.clock.advance(20);
    const names = ['', 'Changed', 'Created', 'Deleted'];
    return this.batches.flat().map(({ type, uri }) => `${names[type]} ${uri.path}`);
  }
}

export function at(path: string, authority = 'shop'): Uri {
  return Uri.from({ scheme: 'ftp', authority, path });
}

/** For `assert.rejects`: the code that VS Code matches on. */
export function code(expected: string): (error: Error & { code?: string }) => boolean {
  return (error) => error.code === expected;
}
