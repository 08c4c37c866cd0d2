import assert from 'node:assert/strict';
import type { FtpErrorCode, OperationName, SessionPhase, WireEvent } from '../../src/ftp/index';
import { FtpError } from '../../src/ftp/protocol/errors';
import type { ServerStanding } from '../../src/sites/serverConnection';
import { TransferMonitor } from '../../src/ui/transferMonitor';
import { FakeClock } from '../support/fakeClock';
import { shown, type StatusBarItem } from '../support/vscodeWindow';

/** Told without time, session and connection, which the stage adds. */
type Told = WireEvent extends infer E
  ? E extends WireEvent
    ? Omit<E, 'at' | 'wall' | 'connection'>
    : never
  : never;

/** The monitor with a clock, and a way to let things happen. */
class Stage {
  readonly clock = new FakeClock();
  standings: ServerStanding[] = [];
  folders: string[] = [];
  unsaved = new Set<string>();
  readonly monitor: TransferMonitor;
  readonly item: StatusBarItem;
  private operations = 0;

  constructor() {
    shown.reset();
    this.monitor = new TransferMonitor({
      clock: this.clock,
      surroundings: () => ({
        standings: this.standings,
        folders: this.folders,
        isUnsaved: (_server, path) => this.unsaved.has(path),
      }),
      factsOf: (server) => ({
        address: `web@${server}:21`,
        uri: `ftp://web@${server}/`,
        profile: {
          greeting: '220 Pure-FTPd [x](command:y)',
          system: 'UNIX',
          features: ['MLST SIZE*;', 'UTF8'],
          home: '/',
          learned: { rendezvous: { PASV: 'refused' }, fenced: false, unsupported: [] },
        },
      }),
    });
    this.item = shown.statusBarItems[0] as StatusBarItem;
  }

  tell(event: Told): void {
    const at = this.clock.now();
    this.monitor.take({ at, wall: at, connection: 1, ...event });
  }

  state(state: SessionPhase, session = 'shop'): void {
    this.tell({ kind: 'state', session, state, text: '' });
  }

  begin(name: OperationName, path = '/www', session = 'shop'): number {
    const operation = ++this.operations;
    this.tell({ kind: 'operation', phase: 'begin', session, operation, name, path, waiting: 0, text: '' });
    return operation;
  }

  end(name: OperationName, operation: number, failed?: FtpErrorCode): void {
    const told = { kind: 'operation', phase: 'end', session: 'shop', name, waiting: 0, text: '' } as const;
    this.tell({ ...told, operation, ...(failed ? { failed } : {}) });
  }

  bytes(
    operation: number,
    bytes: number,
    total?: number,
    direction: 'down' | 'up' = 'down',
    session = 'shop',
  ): void {
    const told = {
      kind: 'transfer',
      session,
      operation,
      direction,
      path: '/www/a',
      bytes,
      done: false,
    } as const;
    this.tell({ ...told, ...(total === undefined ? {} : { total }) });
  }

  /** What is shown after so many milliseconds. */
  async after(milliseconds: number): Promise<string> {
    await this.clock.advance(milliseconds);
    return this.item.visible ? this.item.text.replaceAll('\u2007', '_') : '';
  }

  /** A read of 1 MB that has moved `bytes` in its first second. */
  async reading(bytes: number): Promise<number> {
    const operation = this.begin('read');
    this.bytes(operation, 0, 1_000_000);
    await this.clock.advance(1000);
    this.bytes(operation, bytes, 1_000_000);
    return operation;
  }
}

describe('TransferMonitor', () => {
  let stage: Stage;
  beforeEach(() => (stage = new Stage()));
  afterEach(() => {
    stage.monitor.dispose();
    assert.deepEqual(stage.clock.waiting, []);
  });

  const standing = (state: ServerStanding['state'], error?: FtpError): ServerStanding => ({
    authority: 'web@shop',
    name: 'shop',
    state,
    ...(error ? { error } : {}),
  });

  describe('states', () => {
    it('shows nothing while nothing of ours is in use', async () => {
      assert.equal(await stage.after(10_000), '');
    });

    it('shows a folder that is not connected', async () => {
      stage.folders = ['shop'];
      assert.equal(await stage.after(0), '$(debug-disconnect) shop');
      stage.folders = ['shop', 'mirror'];
      stage.monitor.refresh();
      assert.equal(await stage.after(500), '$(debug-disconnect) 2 servers');
    });

    it('shows connected servers', async () => {
      stage.state('connected');
      assert.equal(await stage.after(0), '$(plug) shop');
      stage.state('connected', 'mirror');
      assert.equal(await stage.after(500), '$(plug) 2 servers');
    });

    it('follows a connection as it is made', async () => {
      stage.state('connecting');
      assert.equal(await stage.after(500), '$(sync~spin) Connecting to shop');
      stage.state('signing-in');
      assert.equal(await stage.after(500), '$(sync~spin) Signing in to shop');
      stage.state('connected');
      assert.equal(await stage.after(1000), '$(plug) shop');
      stage.state('reconnecting');
      assert.equal(await stage.after(1000), '$(sync~spin) Reconnecting to shop');
    });

    const work: [OperationName, string][] = [
      ['list', '$(sync~spin) Listing'],
      ['stat', '$(sync~spin) Checking'],
      ['remove', '$(sync~spin) Deleting'],
      ['remove-directory', '$(sync~spin) Deleting'],
      ['rename', '$(sync~spin) Renaming'],
      ['make-directory', '$(sync~spin) Creating a folder'],
      ['raw', '$(sync~spin) Sending a command'],
      ['copy', '$(sync~spin) Copying'],
      ['keep-alive', ''],
    ];
    for (const [name, text] of work) {
      it(`shows ${name} as "${text}"`, async () => {
        stage.begin(name);
        assert.equal(await stage.after(500), text);
      });
    }

    it('shows a read with percent, padded, and rate', async () => {
      const operation = await stage.reading(90_000);
      assert.equal(await stage.after(500), '$(arrow-down) Reading __9% · 90 kB/s');
      stage.bytes(operation, 310_000, 1_000_000);
      assert.equal(await stage.after(500), '$(arrow-down) Reading _31% · 207 kB/s');
    });

    it('shows bytes where the size is unknown, and no rate before the second sample', async () => {
      const operation = stage.begin('read');
      stage.bytes(operation, 0);
      assert.equal(await stage.after(500), '$(arrow-down) Reading 0 B');
      await stage.after(500);
      stage.bytes(operation, 3_400_000);
      assert.equal(await stage.after(500), '$(arrow-down) Reading 3.4 MB · 3.4 MB/s');
    });

    it('shows a save', async () => {
      const operation = stage.begin('write', '/www/index.php');
      stage.bytes(operation, 0, 1000, 'up');
      await stage.after(1000);
      stage.bytes(operation, 430, 1000, 'up');
      assert.equal(await stage.after(500), '$(arrow-up) Saving _43% · 430 B/s');
    });

    it('adds up several transfers', async () => {
      const first = stage.begin('read');
      const second = stage.begin('write', '/x', 'mirror');
      stage.bytes(first, 0, 600);
      stage.bytes(second, 0, 400, 'up', 'mirror');
      await stage.after(1000);
      stage.bytes(first, 330, 600);
      stage.bytes(second, 100, 400, 'up', 'mirror');
      assert.equal(await stage.after(500), '$(arrow-both) _43% · 430 B/s · 2 left');
    });

    it('says who is waited for when nothing moves for five seconds', async () => {
      await stage.reading(430_000);
      assert.equal(await stage.after(4999), '$(arrow-down) Reading _43% · 430 kB/s');
      assert.equal(await stage.after(501), '$(arrow-down) Waiting for shop · _43%');
    });

    it('asks a person, and a click asks again', async () => {
      stage.folders = ['shop'];
      stage.standings = [standing('waiting')];
      stage.state('connecting');
      assert.equal(await stage.after(500), '$(key) Sign in to shop');
      assert.equal(stage.item.backgroundColor?.id, 'statusBarItem.warningBackground');
      assert.deepEqual((stage.item.command as { arguments: unknown[] }).arguments, [
        'ftp://web@shop/',
        { open: 'none' },
      ]);
      stage.standings = [standing('asking'), { ...standing('asking'), name: 'mirror' }];
      stage.monitor.refresh();
      assert.equal(await stage.after(500), '$(question) 2 questions');
    });

    it('asks about a certificate under a sign of its own', async () => {
      stage.folders = ['shop'];
      stage.standings = [{ ...standing('waiting'), about: 'certificate' }];
      stage.monitor.refresh();
      assert.equal(await stage.after(500), '$(shield) Certificate of shop');
    });

    it('says that a server which was connected cannot be reached any more, until it can', async () => {
      stage.folders = ['shop'];
      stage.standings = [standing('connected')];
      stage.state('connected');
      stage.state('lost');
      const list = stage.begin('list');
      stage.state('reconnecting');
      stage.end('list', list, 'connection-refused');
      assert.equal(await stage.after(600), '$(warning) shop refuses connections');
      stage.state('reconnecting');
      stage.state('connected');
      assert.equal(await stage.after(600), '$(plug) shop');
    });

    it('says which server cannot be reached', async () => {
      const cases = [
        ['connection-timed-out', '$(warning) shop does not answer'],
        ['connection-refused', '$(warning) shop refuses connections'],
        ['host-not-found', '$(warning) shop has no address'],
        ['not-ftp', '$(warning) shop is no FTP server'],
      ] as const;
      stage.folders = ['shop'];
      for (const [code, text] of cases) {
        stage.standings = [standing('failed', new FtpError(code, ''))];
        stage.monitor.refresh();
        assert.equal(await stage.after(500), text);
        assert.equal(stage.item.backgroundColor?.id, 'statusBarItem.warningBackground');
      }
    });

    it('forgets a server that is no folder of this window', async () => {
      stage.standings = [
        standing('failed', new FtpError('connection-refused', '')),
        { ...standing('waiting'), name: 'mirror' },
      ];
      stage.monitor.refresh();
      assert.equal(await stage.after(500), '');
    });

    it('keeps red for text that is not on the server', async () => {
      stage.state('connected');
      const operation = stage.begin('write', '/www/.index.php.portside-7f3a');
      stage.end('write', operation, 'no-space');
      stage.unsaved.add('/www/index.php');
      assert.equal(await stage.after(500), '$(error) Not saved: index.php');
      assert.equal(stage.item.backgroundColor?.id, 'statusBarItem.errorBackground');
      stage.unsaved.clear();
      stage.monitor.refresh();
      assert.equal(await stage.after(500), '$(plug) shop');
      assert.equal(stage.item.backgroundColor, undefined);
    });

    it('does not count what a person stopped as lost', async () => {
      stage.state('connected');
      stage.end('write', stage.begin('write', '/a'), 'aborted');
      stage.unsaved.add('/a');
      assert.equal(await stage.after(1000), '$(plug) shop');
    });

    it('says for five seconds what was saved, and by its real name', async () => {
      stage.state('connected');
      const path = '/www/.index.php.portside-7f3a';
      stage.end('write', stage.begin('write', path));
      assert.equal(await stage.after(500), '$(plug) shop');
      stage.end('rename', stage.begin('rename', path));
      assert.equal(await stage.after(500), '$(check) Saved index.php');
      assert.equal(await stage.after(4499), '$(check) Saved index.php');
      assert.equal(await stage.after(500), '$(plug) shop');
    });

    it('writes a hostile name as text', async () => {
      stage.end('write', stage.begin('write', '/$(bug)\u202e[x](command:y)'));
      assert.equal(await stage.after(500), '$(check) Saved $ (bug)·[x] (command:y)');
    });
  });

  describe('timing', () => {
    it('does not show what takes less than 0.4 s', async () => {
      stage.state('connected');
      await stage.after(1000);
      const operation = stage.begin('list');
      assert.equal(await stage.after(399), '$(plug) shop');
      stage.end('list', operation);
      assert.equal(await stage.after(1000), '$(plug) shop');
    });

    it('shows what lasts, for 0.6 s at least', async () => {
      stage.state('connected');
      await stage.after(1000);
      const operation = stage.begin('list');
      assert.equal(await stage.after(500), '$(sync~spin) Listing');
      stage.end('list', operation);
      assert.equal(await stage.after(500), '$(sync~spin) Listing');
      assert.equal(await stage.after(1000), '$(plug) shop');
    });

    it('renders at most twice a second', async () => {
      const texts = new Set<string>();
      const operation = stage.begin('read');
      for (let step = 0; step < 200; step++) {
        stage.bytes(operation, step * 1000, 1_000_000);
        texts.add(await stage.after(10));
      }
      assert.ok(texts.size <= 5, [...texts].join('\n'));
    });

    it('sets no timer while all is quiet', async () => {
      stage.state('connected');
      await stage.after(1000);
      assert.deepEqual(stage.clock.waiting, []);
    });
  });

  describe('tooltip', () => {
    it('tells what is known, in a table', async () => {
      stage.state('connected');
      stage.tell({ kind: 'sent', session: 'shop', line: 'PASV' });
      await stage.after(48);
      stage.tell({ kind: 'received', session: 'shop', line: '227 ok' });
      stage.tell({ kind: 'data', session: 'shop', phase: 'open', method: 'PORT', text: '' });
      await stage.reading(430_000);
      await stage.after(500);
      const lines = stage.item.tooltip?.value.replaceAll('\u2007', '').split('\n') ?? [];
      assert.deepEqual(lines.slice(0, 9), [
        '**shop** — web@shop:21  $(unlock) not encrypted',
        '',
        '| | |',
        '|---|---|',
        '| Doing | Reading /www/a, 43% of 1 MB, 1 s left |',
        '| Data connection | active (PORT), because passive was refused |',
        '| Round trip | 48 ms, usually 48 ms |',
        '| Server | Pure-FTPd, MLSD, UTF-8 |',
        '',
      ]);
      assert.match(
        lines[9] ?? '',
        /\(command:portside\.disconnect\?%5B%22ftp%3A%2F%2Fweb%40shop%2F%22%5D\)$/,
      );
    });

    it('shows a lock and the version of TLS, and nothing while it is not known', async () => {
      const head = () => stage.item.tooltip?.value.split('\n')[0];
      stage.state('connecting');
      await stage.after(500);
      assert.equal(head(), '**shop** — web@shop:21');
      stage.tell({ kind: 'state', session: 'shop', state: 'secured', tls: agreed, text: '' });
      stage.state('signing-in');
      stage.state('connected');
      await stage.after(500);
      assert.equal(head(), '**shop** — web@shop:21  $(lock) TLS 1\\.3');
      stage.state('reconnecting');
      await stage.after(500);
      assert.equal(head(), '**shop** — web@shop:21');
      stage.state('connected');
      await stage.after(500);
      assert.equal(head(), '**shop** — web@shop:21  $(unlock) not encrypted');
    });

    it('lets a file name do nothing', async () => {
      stage.state('connected');
      stage.end('write', stage.begin('write', '/a|b[x](command:y)<i>$(bug)`'));
      await stage.after(500);
      const text = stage.item.tooltip?.value ?? '';
      assert.match(text, /\/a\\\|b\\\[x\\\] \\\(command:y\\\)&lt;i\\>\$ \\\(bug\\\)\\`/);
    });
  });
});

const agreed = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', resumed: false };
