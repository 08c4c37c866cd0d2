import * as vscode from 'vscode';
import type { Event } from './base/event';
import { connect, nodeEnvironment, type Environment, type WireEvent } from './ftp/index';
import { Connections } from './sites/connections';
import { Credentials } from './sites/credentials';
import { ProfileMemory } from './sites/profileMemory';
import * as settings from './sites/settings';
import { chooseServer } from './ui/commands/chooseServer';
import { connectToServer, type ConnectHost } from './ui/commands/connect';
import { copyToServer, type CopyToServerHost } from './ui/commands/copyToServer';
import { registerCommands } from './ui/commands/registerCommands';
import { ConnectionNotices } from './ui/connectionNotices';
import { keepContextKeys } from './ui/contextKeys';
import { reportKeyringMissing } from './ui/keyringMissing';
import { ListingNotices } from './ui/listingNotices';
import { LogChannel } from './ui/logChannel';
import { askPassword } from './ui/passwordPrompt';
import { reportSchemeTaken } from './ui/schemeTaken';
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
  const made = makeConnections(context, credentials, environment);
  connections = made;
  const log = new LogChannel(made.onDidTrace, settings.logLevel);
  const showLog = (): void => log.show();
  const connectCommand = (target?: unknown, options?: unknown): Promise<vscode.Uri | undefined> =>
    connectToServer(connectHost(made, credentials), target, options);
  const copying = provideFiles(context, made, environment, showLog);
  context.subscriptions.push(
    made,
    log,
    new ConnectionNotices({ onDidChange: made.onDidChange, retry: (at) => retry(made, at), showLog }),
    monitorConnections(made, environment.clock),
    registerCommands({
      connections: made,
      connect: connectCommand,
      showLog,
      copyToServer: (...selection) => copyToServer(copying, ...selection),
    }),
    keepContextKeys(made),
    reportSiteFaults(log, environment.clock),
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
  credentials: Credentials,
  environment: Environment,
): Connections {
  return new Connections({
    connect: (options) => connect(options, environment),
    sites: () => settings.savedSites().sites,
    defaults: (authority) => settings.connectionDefaults(vscode.Uri.from({ scheme, authority, path: '/' })),
    credentials,
    profiles: new ProfileMemory(globalState),
    askPassword,
    traceEvents: settings.traceEvents,
  });
}

function connectHost(made: Connections, credentials: Credentials): ConnectHost {
  return {
    sites: () => settings.savedSites().sites,
    session: (authority) => made.sessionForPerson(authority),
    offerPassword: (address, password) => credentials.offer(address, password),
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
  });
  const listAgain = (authority: string): Promise<void> => {
    provider.expire(authority);
    return retry(made, authority);
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
async function retry(connections: Connections, authority: string): Promise<void> {
  await connections.sessionForPerson(authority);
  await vscode.commands.executeCommand('workbench.files.action.refreshFilesExplorer');
}

const scheme = 'ftp';
