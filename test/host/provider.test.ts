import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PortsideApi } from '../../src/extension';
import type { WireEvent } from '../../src/ftp/trace/wireEvent';
import { skip } from '../support/skip';
import { editing } from './cases/editing';
import { looking } from './cases/looking';
import { moving } from './cases/moving';
import { reading } from './cases/reading';
import { removing } from './cases/removing';
import { writing } from './cases/writing';
import { note, plan, type ServerPlan, type WayPlan } from './plan';
import { stageOf, type Cases } from './stage';

const concerns: readonly Cases[] = [looking, reading, writing, moving, removing, editing];

/** The setting that lets the engine go this way; a server that refuses EPSV and EPRT does the rest. */
const settings: Readonly<Record<WayPlan['method'], string>> = {
  EPSV: 'passive',
  PASV: 'passive',
  EPRT: 'active',
  PORT: 'active',
  'default-port': 'default-port',
};

describe('every operation of the provider', () => {
  const { servers } = plan();
  let api: PortsideApi | undefined;

  before(async () => {
    api = await vscode.extensions.getExtension<PortsideApi>('portside.portside')?.activate();
    const sites = servers.flatMap((server) => server.ways.map((way) => siteOf(server, way)));
    await configure('sites', sites);
  });
  after(() => configure('sites', undefined));

  for (const server of servers) {
    describe(server.name, () => {
      const { missing } = server;
      if (missing !== undefined) {
        it('is here', function () {
          skip(this, missing);
        });
        return;
      }
      const counts = server.ways.map(() => 0);
      server.ways.forEach((way, index) => describe(way.method, () => suite(server, way, index)));
      after(() => note(summary(server, counts)));

      function suite(server: ServerPlan, way: WayPlan, index: number): void {
        const stage = stageOf(server.name, way);
        afterEach(function () {
          if (this.currentTest?.isPassed()) counts[index] = (counts[index] ?? 0) + 1;
        });
        before(() => signIn(way));
        after(() => vscode.commands.executeCommand('portside.disconnect', stage.uri('.')));
        for (const [title, run] of concerns.flatMap((cases) => Object.entries(cases))) {
          it(title, () => run(stage));
        }
        it('all of it over no other way', () => {
          const events = (api?.wireLog() ?? []).filter(({ session }) => session === nameOf(server, way));
          const troubles = events.flatMap((event) => (event.kind === 'trouble' ? [event.text] : []));
          assertWay(nameOf(server, way), way.method, methodsUsed(events), troubles.join('\n'));
        });
      }
    });
  }
});

function nameOf(server: ServerPlan, { method }: WayPlan): string {
  return `${server.name} ${method}`;
}

function siteOf(server: ServerPlan, way: WayPlan): object {
  const { host, port, user, method } = way;
  return { name: nameOf(server, way), host, port, user, dataConnection: settings[method] };
}

async function configure(key: string, value: unknown): Promise<void> {
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration('portside').update(key, value, Global);
}

/** With the password in the URL, so that nobody is asked. */
async function signIn({ host, port, user, password }: WayPlan): Promise<void> {
  const url = `ftp://${user}:${password}@${host}:${port}/`;
  await vscode.commands.executeCommand('portside.connect', url, { open: 'none' });
}

/** By every data connection that was opened. */
function methodsUsed(events: readonly WireEvent[]): string[] {
  return events.flatMap((event) =>
    event.kind === 'data' && event.phase === 'open' && event.method ? [event.method] : [],
  );
}

function assertWay(name: string, method: string, used: readonly string[], troubles: string): void {
  const others = used.filter((other) => other !== method);
  assert.ok(used.length > 50, `only ${used.length} data connections`);
  if (method !== 'default-port' || others.length === 0) return assert.deepEqual(others, [], troubles);
  // RFC 959 §3.3: a port pair that was used just now may not be free yet, and another port takes its place.
  note(`${name}: ${others.length} of ${used.length} data connections went by ${others[0]} instead`);
  const seldom = others.length * 10 < used.length;
  assert.ok(seldom && others.every((other) => other === 'EPRT'), troubles);
}

/** `vsftpd: 64 cases (EPSV 32, EPRT 32)` */
function summary({ name, ways }: ServerPlan, counts: readonly number[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return `${name}: ${total} cases (${ways.map(({ method }, n) => `${method} ${counts[n]}`).join(', ')})`;
}
