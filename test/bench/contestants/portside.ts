import { connect, nodeEnvironment, type ConnectOptions, type FtpSession } from '../../../src/ftp';
import { DirectoryCache } from '../../../src/workspace/directoryCache';
import { benchContent } from '../rows';
import { contestant, folderOf, newName, timed, twenty, type Place } from './contestant';

interface Open {
  readonly place: Place;
  readonly session: FtpSession;
  /** What a workspace knows of the server. */
  readonly cache: DirectoryCache;
}

export const portside = contestant<Open>({
  name: 'Portside',
  open: async (place) => {
    const session = await signIn(place);
    const { clock } = place.environment ?? nodeEnvironment();
    const folder = folderOf(place.server);
    const cache = new DirectoryCache(
      session,
      clock,
      () => [folder],
      () => undefined,
    );
    return { place, session, cache };
  },
  close: ({ session }) => session.close(),
  rows: {
    'first folder': ({ place }) => firstFolder(place),
    'known server': ({ place, session }) => firstFolder(place, { profile: session.profile }),
    list: ({ place, session }) => timed(place, () => session.list(folderOf(place.server))),
    read: ({ place, session }) => timed(place, () => session.read(first(place))),
    write: async ({ place, session }) => {
      const path = newPath(place, 'written');
      const spent = await timed(place, () => session.write(path, bytes));
      await session.remove(path);
      return spent;
    },
    'twenty stats': async ({ place, session }) => {
      const stat = (path: string): Promise<unknown> => session.stat(path);
      // The congestion window grows with the first twenty replies.
      await Promise.all(twenty(place.server, 1).map(stat));
      return timed(place, () => Promise.all(twenty(place.server, 0).map(stat)));
    },
    'known stat': async ({ place, cache }) => {
      await cache.readDirectory(folderOf(place.server));
      // vsftpd's listing tells no seconds: the first look at a file asks for them.
      await cache.stat(first(place));
      return timed(place, () => cache.stat(first(place)));
    },
    'absent stat': async ({ place, cache }) => {
      await cache.readDirectory(folderOf(place.server));
      return timed(place, () => cache.stat(`${folderOf(place.server)}/.vscode`).catch(() => undefined));
    },
    rename: async ({ place, session }) => {
      const [from, to] = [newPath(place, 'from'), newPath(place, 'to')];
      await session.write(from, bytes);
      const spent = await timed(place, () => session.rename(from, to));
      await session.remove(to);
      return spent;
    },
    delete: async ({ place, session }) => {
      const path = newPath(place, 'deleted');
      await session.write(path, bytes);
      return timed(place, () => session.remove(path));
    },
    'make directory': async ({ place, session }) => {
      const path = newPath(place, 'folder');
      const spent = await timed(place, () => session.makeDirectory(path));
      await session.removeDirectory(path);
      return spent;
    },
    'twenty in turn': ({ place, session }) =>
      timed(place, async () => {
        for (const path of twenty(place.server, 0)) await session.read(path);
      }),
    'twenty at once': ({ place, session }) => timed(place, () => readAll(session, place)),
    'twenty active': async ({ place }) => {
      const session = await signIn(place, { dataConnection: 'active' });
      // What this server makes of PORT is learned at the first transfer.
      await session.read(first(place));
      const spent = await timed(place, () => readAll(session, place));
      await session.close();
      return spent;
    },
  },
});

const bytes = Buffer.from(benchContent);

export function signIn(place: Place, more: Partial<ConnectOptions> = {}): Promise<FtpSession> {
  const { host, port, user, password } = place.server;
  const options: ConnectOptions = { host, port, user, password, security: 'none', ...more };
  return place.environment ? connect(options, place.environment) : connect(options);
}

async function firstFolder(place: Place, more: Partial<ConnectOptions> = {}): Promise<number> {
  let session: FtpSession | undefined;
  const spent = await timed(place, async () => {
    session = await signIn(place, more);
    await session.list(folderOf(place.server));
  });
  await session?.close();
  return spent;
}

function readAll(session: FtpSession, { server }: Place): Promise<unknown> {
  return Promise.all(twenty(server, 0).map((path) => session.read(path)));
}

function first({ server }: Place): string {
  return twenty(server, 0)[0] ?? '';
}

function newPath({ server }: Place, kind: string): string {
  return `${folderOf(server)}/${newName(kind)}`;
}
