import { Readable, Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { benchContent } from '../rows';
import { contestant, folderOf, newName, timed, twenty, type BenchServer, type Place } from './contestant';

interface Open {
  readonly place: Place;
  readonly client: Client;
}

/** One promise-based client of FTP for Node; each row as its documentation says how to. */
export const basicFtp = contestant<Open>({
  name: 'basic-ftp',
  open: async (place) => ({ place, client: await signInBasic(place.server) }),
  close: ({ client }) => Promise.resolve(client.close()),
  rows: {
    'first folder': async ({ place }) => {
      let client: Client | undefined;
      const spent = await timed(place, async () => {
        client = await signInBasic(place.server);
        await client.list(folderOf(place.server));
      });
      client?.close();
      return spent;
    },
    list: ({ place, client }) => timed(place, () => client.list(folderOf(place.server))),
    read: ({ place, client }) =>
      timed(place, () => client.downloadTo(nowhere(), twenty(place.server, 0)[0] ?? '')),
    write: async ({ place, client }) => {
      const path = newPath(place, 'written');
      const spent = await timed(place, async () => {
        await client.uploadFrom(text(), path);
        await client.size(path);
      });
      await client.remove(path);
      return spent;
    },
    'twenty stats': ({ place, client }) =>
      timed(place, async () => {
        for (const path of twenty(place.server, 0)) {
          await client.size(path);
          await client.lastMod(path);
        }
      }),
    rename: async ({ place, client }) => {
      const [from, to] = [newPath(place, 'from'), newPath(place, 'to')];
      await client.uploadFrom(text(), from);
      const spent = await timed(place, () => client.rename(from, to));
      await client.remove(to);
      return spent;
    },
    delete: async ({ place, client }) => {
      const path = newPath(place, 'deleted');
      await client.uploadFrom(text(), path);
      return timed(place, () => client.remove(path));
    },
    'make directory': async ({ place, client }) => {
      const path = newPath(place, 'folder');
      const spent = await timed(place, () => client.send(`MKD ${path}`));
      await client.send(`RMD ${path}`);
      return spent;
    },
    'twenty in turn': ({ place, client }) =>
      timed(place, async () => {
        for (const path of twenty(place.server, 0)) await client.downloadTo(nowhere(), path);
      }),
  },
});

export async function signInBasic({ host, port, user, password }: BenchServer): Promise<Client> {
  const client = new Client();
  await client.access({ host, port, user, password });
  return client;
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

function text(): Readable {
  return Readable.from([Buffer.from(benchContent)]);
}

function newPath({ server }: Place, kind: string): string {
  return `${folderOf(server)}/${newName(kind)}`;
}
