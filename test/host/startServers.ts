import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeEnvironment } from '../../src/ftp/net/nodeEnvironment';
import type { RendezvousMethod } from '../../src/ftp/trace/wireEvent';
import { daemonNames, DaemonMissing, startDaemon, type DaemonName } from '../servers/daemon';
import { account } from '../servers/daemonRecipe';
import { FolderFiles } from '../support/server/folderFiles';
import { reference } from '../support/server/personas/reference';
import { ReferenceServer } from '../support/server/referenceServer';
import { openGate } from './gate';
import type { ServerPlan, WayPlan } from './plan';
import { plantFiles } from './plantFiles';

export interface Servers {
  readonly plans: readonly ServerPlan[];
  /** Ends all of them and removes their files. */
  stop(): Promise<void>;
}

/** Starts the reference server and every real daemon, one for each way to a data connection that it can go. */
export async function startServers(): Promise<Servers> {
  process.setMaxListeners(40); // each server has one for the end of the process
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((end) => end()));
  };
  try {
    const plans = [await planOf('reference', startReference, stops)];
    for (const name of daemonNames) plans.push(await planOf(name, () => startReal(name), stops));
    return { plans, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** RFC 959 §3.2's default port: of the five daemons only inetutils-ftpd dials U. */
const dialsDefaultPort: readonly string[] = ['reference', 'inetutils-ftpd'];

interface Started extends Omit<WayPlan, 'method'> {
  stop(): Promise<void>;
}

async function planOf(
  name: string,
  start: () => Promise<Started>,
  stops: (() => Promise<void>)[],
): Promise<ServerPlan> {
  const methods: RendezvousMethod[] = ['EPSV', 'PASV', 'EPRT', 'PORT'];
  if (dialsDefaultPort.includes(name)) methods.push('default-port');
  const ways: WayPlan[] = [];
  try {
    for (const method of methods) {
      const { stop, ...place } = await start();
      stops.push(stop);
      ways.push({ ...place, method, port: await portFor(method, place.port, stops) });
    }
    return { name, ways };
  } catch (error) {
    if (error instanceof DaemonMissing) return { name, missing: error.reason, ways: [] };
    throw error;
  }
}

/** No setting prefers the older command to the newer one: only a server that refuses the newer one brings it about. */
async function portFor(
  method: RendezvousMethod,
  port: number,
  stops: (() => Promise<void>)[],
): Promise<number> {
  if (method !== 'PASV' && method !== 'PORT') return port;
  const gate = await openGate(port);
  stops.push(gate.stop);
  return gate.port;
}

async function startReal(name: DaemonName): Promise<Started> {
  const daemon = await startDaemon(name);
  const { host, port, user, password, root, home } = daemon;
  plantFiles(root, account);
  return { host, port, user, password, root, home, stop: () => daemon.stop() };
}

async function startReference(): Promise<Started> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'portside-reference-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  process.once('exit', remove);
  plantFiles(root);
  const { network, clock } = nodeEnvironment();
  // As inetutils-ftpd, it dials from any port: after each upload over L-1 the pair would rest (RFC 959 §3.3).
  const persona = { ...reference, dialsFrom: 'any' } as const;
  const files = await FolderFiles.open(root);
  const server = await ReferenceServer.start({ network, clock, persona, files });
  const stop = async (): Promise<void> => {
    await server.stop();
    remove();
  };
  const { host, port } = server;
  return { host, port, user: 'web', password: 'secret', root, home: '/', stop };
}
