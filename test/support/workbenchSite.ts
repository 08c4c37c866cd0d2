import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import type { Action } from './server/actions';
import { FolderFiles } from './server/folderFiles';
import { ReferenceServer } from './server/referenceServer';
import { createSampleSite } from './server/sampleSite';
import type { Script } from './server/script';
import type { TlsOptions } from './server/tls/tlsSettings';

/** The sample site on a disk of its own, served by the reference server, which can go, come back, and misbehave. */
export class WorkbenchSite {
  /** What is wrong with the server at the moment; undefined: nothing. */
  trouble: Script | undefined;
  private server: ReferenceServer | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly tls: TlsOptions | undefined,
    server: ReferenceServer,
  ) {
    this.server = server;
  }

  /** Without `tls` it knows none. */
  static async start(tls?: TlsOptions): Promise<WorkbenchSite> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'portside-ui-site-'));
    await createSampleSite(folder);
    // Whether something is wrong is asked at every step of the server.
    const doing: { site?: WorkbenchSite } = {};
    const server = await serve({ folder, port: 0, tls, trouble: () => doing.site?.trouble });
    return (doing.site = new WorkbenchSite(folder, server.port, tls, server));
  }

  /** `ftp://web@127.0.0.1:40213/` */
  get url(): string {
    return `ftp://web@127.0.0.1:${this.port}/`;
  }

  /** Command lines received since the server was started. */
  get commands(): string[] {
    return this.server?.commands() ?? [];
  }

  get dialogue(): string[] {
    return this.server?.dialogue() ?? [];
  }

  /** Bytes on the server's disk. */
  read(name: string): Buffer {
    return readFileSync(path.join(this.folder, name));
  }

  /** The server is gone, and so are its connections. */
  async goAway(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  /** On the same port as before; with what is different now. */
  async comeBack(tls = this.tls): Promise<void> {
    const { folder, port } = this;
    this.server = await serve({ folder, port, tls, trouble: () => this.trouble });
  }

  async stop(): Promise<void> {
    await this.goAway();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All that moves on data connections waits before each piece: long enough to be looked at. */
export function slowData(milliseconds: number): Script {
  const isSlow = ({ kind }: Action): boolean => kind === 'send' || kind === 'more';
  return {
    action: (action) => (isSlow(action) ? [{ kind: 'later', milliseconds, actions: [action] }] : [action]),
    fact: (fact) => ({ facts: [fact], actions: [] }),
  };
}

/** Every refusal says `words`, whatever was asked. */
export function hostileWords(words: string, inside: Script): Script {
  const spoken = (action: Action): Action =>
    action.kind === 'reply' && /^[45]/.test(action.lines[0] ?? '')
      ? { ...action, lines: [`${action.lines[0]?.slice(0, 3)} ${words}`] }
      : action;
  return {
    action: (action, session) => inside.action(action, session).map(spoken),
    fact: (fact, session) => inside.fact(fact, session),
  };
}

async function serve({ folder, port, tls, trouble }: Service): Promise<ReferenceServer> {
  const { network, clock } = nodeEnvironment();
  const script: Script = {
    action: (action, session) => trouble()?.action(action, session) ?? [action],
    fact: (fact, session) => trouble()?.fact(fact, session) ?? { facts: [fact], actions: [] },
  };
  const files = await FolderFiles.open(folder);
  return ReferenceServer.start({
    network,
    clock,
    files,
    script,
    ...(port === 0 ? {} : { port }),
    ...(tls ? { tls } : {}),
  });
}

interface Service {
  readonly folder: string;
  /** 0: any. */
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  readonly trouble: () => Script | undefined;
}
