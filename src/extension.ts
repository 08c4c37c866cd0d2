import { createPrivateKey } from 'node:crypto';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Event } from './base/event';
import { connect, nodeEnvironment, type Environment, type FtpSession, type WireEvent } from './ftp/index';
import { CertificateJudge } from './sites/certificateJudge';
import { chooseSecurity } from './sites/chooseSecurity';
import { ClientKeys } from './sites/clientKeys';
import { Connections } from './sites/connections';
import { Credentials } from './sites/credentials';
import { PemFiles } from './sites/pemFiles';
import { ProfileMemory } from './sites/profileMemory';
import type { TlsServices } from './sites/serverTls';
import * as settings from './sites/settings';
import { parseAuthority } from './sites/siteUri';
import { TrustMemory, type WantedSecurity } from './sites/trustMemory';
import { provideCertificateDocuments } from './ui/certificateDocument';
import { askCertificate } from './ui/certificatePrompt';
import { compareCertificates, replaceCertificate } from './ui/changedCertificate';
import { chooseServer } from './ui/commands/chooseServer';
import { connectToServer, type ConnectHost } from './ui/commands/connect';
import { copyToServer, type CopyToServerHost } from './ui/commands/copyToServer';
import { manageCertificates } from './ui/commands/manageCertificates';
import { registerCommands } from './ui/commands/registerCommands';
import { ConnectionNotices, type ConnectionNoticesOptions } from './ui/connectionNotices';
import { keepContextKeys } from './ui/contextKeys';
import { reportKeyringMissing } from './ui/keyringMissing';
import { ListingNotices } from './ui/listingNotices';
import { LogChannel } from './ui/logChannel';
import { askPassphrase } from './ui/passphrasePrompt';
import { askPassword } from './ui/passwordPrompt';
import { reportSchemeTaken } from './ui/schemeTaken';
import { reportPemFault } from './ui/pemFaults';
import { ServerToServer } from './ui/serverToServer';
import { ServerToServerGestures } from './ui/serverToServerGestures';
import { serverToServerHost } from './ui/serverToServerHost';
import { reportSiteFaults } from './ui/siteFaults';
import { monitorConnections } from './ui/monitorConnections';
import { FtpFileSystemProvider, type FileSystemOptions } from './workspace/ftpFileSystemProvider';

/** What other extensions, and tests, get. */
export interface PortsideApi {
  readonly version: 1;
  /** As the command `portside.connect`. */
  readonly connect: (target?: unknown, options?: unknown) => Promise<vscode.Uri | undefined>;
  readonly onDidTrace: Event<WireEvent>;
  readonly wireLog: () => WireEvent[];
}

let connections: Connections | undefined;

export function activate(context: vscode.ExtensionContext): PortsideApi {
  const environment = nodeEnvironment();
  const credentials = new Credentials({
    secrets: context.secrets,
    policy: settings.passwordPolicy,
    onKeyringMissing: () => reportKeyringMissing(context.globalState),
  });
  const { clock } = environment;
  const memory = new TrustMemory(context.globalState, () => clock.wallTime());
  const tls = makeTls(context, memory, environment);
  const made = makeConnections(context, { credentials, tls }, environment);
  connections = made;
  const log = new LogChannel(made.onDidTrace, settings.logLevel);
  const showLog = (): void => log.show();
  const connectCommand = (target?: unknown, options?: unknown): Promise<vscode.Uri | undefined> =>
    connectToServer(connectHost(made, credentials, memory), target, options);
  const copying = provideFiles(context, made, environment, showLog);
  context.subscriptions.push(
    made,
    log,
    new ConnectionNotices(noticesOptions(made, memory, showLog, environment)),
    monitorConnections(made, clock),
    provideCertificateDocuments(),
    registerCommands({
      connections: made,
      connect: connectCommand,
      showLog,
      copyToServer: (...selection) => copyToServer(copying, ...selection),
      manageCertificates: () => manageCertificates(memory, clock.wallTime()),
    }),
    keepContextKeys(made),
    reportSiteFaults(log, clock),
  );
  return {
    version: 1,
    connect: connectCommand,
    onDidTrace: made.onDidTrace,
    wireLog: () => made.wireLog(),
  };
}

/** Says QUIT to every server before the window goes. */
export async function deactivate(): Promise<void> {
  await connections?.close();
}

function makeConnections(
  { globalState }: vscode.ExtensionContext,
  { credentials, tls }: { readonly credentials: Credentials; readonly tls: TlsServices },
  environment: Environment,
): Connections {
  return new Connections({
    connect: (options) => connect(options, environment),
    sites: () => settings.savedSites().sites,
    defaults: (authority) => settings.connectionDefaults(vscode.Uri.from({ scheme, authority, path: '/' })),
    credentials,
    profiles: new ProfileMemory(globalState),
    tls,
    askPassword,
    traceEvents: settings.traceEvents,
  });
}

function makeTls(
  { secrets }: vscode.ExtensionContext,
  memory: TrustMemory,
  { clock }: Environment,
): TlsServices {
  return {
    judge: new CertificateJudge(memory, (question) => askCertificate(question, clock.wallTime())),
    files: new PemFiles({
      read: async (path) =>
        Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(path))).toString('latin1'),
      home: homedir(),
      unreadable: reportPemFault,
    }),
    keys: new ClientKeys({ secrets, policy: settings.passwordPolicy, ask: askPassphrase, opens: opensKey }),
  };
}

function opensKey(key: string, passphrase: string): boolean {
  try {
    createPrivateKey({ key, passphrase });
    return true;
  } catch {
    return false;
  }
}

function noticesOptions(
  made: Connections,
  memory: TrustMemory,
  showLog: () => void,
  { clock }: Environment,
): ConnectionNoticesOptions {
  return {
    onDidChange: made.onDidChange,
    retry: (authority) => retry(made, authority),
    showLog,
    choose: (authority, security) => choose(authority, security, memory),
    compare: (certificate) => compareCertificates(certificate, memory, clock.wallTime()),
    replace: (certificate) => replaceCertificate(certificate, memory),
  };
}

async function choose(authority: string, security: WantedSecurity, memory: TrustMemory): Promise<void> {
  const address = parseAuthority(authority);
  if (address) await chooseSecurity(address, security, memory);
}

function connectHost(made: Connections, credentials: Credentials, memory: TrustMemory): ConnectHost {
  return {
    sites: () => settings.savedSites().sites,
    session: (authority) =>
      isStuck(made, authority) ? retry(made, authority) : made.sessionForPerson(authority),
    offerPassword: (address, password) => credentials.offer(address, password),
    wantSecurity: (address, security) => memory.want(address, security),
    choose: () => chooseServer(settings.savedSites().sites),
  };
}

/** The file system, and what copies from one server to another. */
function provideFiles(
  context: vscode.ExtensionContext,
  made: Connections,
  environment: Environment,
  showLog: () => void,
): CopyToServerHost {
  const pairs = new ServerToServer({
    serverName: (authority) => made.serverName(authority),
    addressOf: (authority) => made.openSession(authority)?.address,
    encryptsData: (authority) => made.encryptsData(authority),
  });
  const listAgain = async (authority: string): Promise<void> => {
    provider.expire(authority);
    await retry(made, authority);
  };
  const notices = new ListingNotices({ connections: made, retry: listAgain, showLog });
  const provider: FtpFileSystemProvider = registerFileSystem(context, made, environment, {
    listingFailed: (uri, error) => notices.listingFailed(uri, error),
    copyRoute: routeByGesture(context, pairs),
  });
  return serverToServerHost(made, pairs, (...copy) => provider.copyToServer(...copy));
}

function registerFileSystem(
  context: vscode.ExtensionContext,
  sessions: Connections,
  { clock }: Environment,
  more: Pick<FileSystemOptions, 'listingFailed' | 'copyRoute'>,
): FtpFileSystemProvider {
  const provider = new FtpFileSystemProvider({
    sessions,
    clock,
    folders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    focused: () => vscode.window.state.focused,
    pollInterval: () => settings.pollInterval(),
    ...more,
  });
  context.subscriptions.push(provider);
  try {
    const how = { isCaseSensitive: true };
    context.subscriptions.push(vscode.workspace.registerFileSystemProvider(scheme, provider, how));
  } catch {
    // VS Code throws when another extension was there first.
    reportSchemeTaken(context.extension.id).catch(() => undefined);
  }
  return provider;
}

/** A person is asked only about what he does himself. */
function routeByGesture(
  context: vscode.ExtensionContext,
  pairs: ServerToServer,
): FileSystemOptions['copyRoute'] {
  const gestures = new ServerToServerGestures();
  context.subscriptions.push(gestures);
  return (source, target) => pairs.route(source.authority, target.authority, gestures.take(target));
}

/** What could not be listed before is listed now. */
async function retry(connections: Connections, authority: string): Promise<FtpSession> {
  const session = await connections.sessionForPerson(authority);
  await vscode.commands.executeCommand('workbench.files.action.refreshFilesExplorer');
  return session;
}

function isStuck(connections: Connections, authority: string): boolean {
  const standing = connections.standings().find((server) => server.authority === authority);
  return standing?.state === 'waiting' || standing?.state === 'failed';
}

const scheme = 'ftp';
