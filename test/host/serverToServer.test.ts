import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PortsideApi } from '../../src/extension';
import type { WireEvent } from '../../src/ftp/trace/wireEvent';
import { note, plan, type ServerPlan, type WayPlan } from './plan';
import { assertOnDisk, fs, stageOf, type Stage } from './stage';

interface Party {
  readonly name: string;
  readonly way: WayPlan;
  readonly stage: Stage;
}

/** Each copies its tree to the next one: by VS Code's own `workspace.fs.copy`, as a paste in the Explorer does. */
describe('copying between servers', () => {
  const parties = plan().servers.flatMap(partyOf);
  const pairs = parties.map((from, index) => [from, parties[(index + 1) % parties.length]] as const);
  const lines: string[] = [];
  let api: PortsideApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<PortsideApi>('portside.portside');
    api = (await extension?.activate()) ?? assert.fail('Portside is not here.');
    const sites = parties.map(({ name, way: { host, port, user } }) => ({ name, host, port, user }));
    await configure('sites', sites);
    for (const { way } of parties) {
      const url = `ftp://${way.user}:${way.password}@${way.host}:${way.port}/`;
      await vscode.commands.executeCommand('portside.connect', url, { open: 'none' });
    }
  });
  after(async () => {
    for (const { stage } of parties) {
      await vscode.commands.executeCommand('portside.disconnect', stage.uri('.'));
    }
    await configure('serverToServer.allowedPairs', undefined);
    await configure('sites', undefined);
    lines.forEach(note);
  });

  for (const [from, to] of pairs) {
    if (!to) continue;
    it(`a tree from ${from.name} to ${to.name}, not allowed: through this computer`, async () => {
      const events = await copied(from, to, 'relayed from');
      assert.ok(!events.some(isThirdParty), 'no server was told to connect to another');
    });

    it(`a tree from ${from.name} to ${to.name}, allowed: by the servers themselves`, async () => {
      await configure('serverToServer.allowedPairs', [`${from.name} → ${to.name}`]);
      const events = await copied(from, to, 'direct from');
      const texts = events.flatMap((event) => (event.kind === 'operation' ? [event.text] : []));
      const direct = texts.filter((text) => text.includes(' directly, '));
      const passive = /server to server, (.+) passive/.exec(texts.join('\n'))?.[1];
      lines.push(
        `copy from ${from.name} to ${to.name}: ${direct.length > 0 ? 'direct' : 'relayed'}, ${passive} passive`,
      );
      assert.ok(direct.length > 0, texts.join('\n'));
      assert.ok(events.some(isThirdParty));
    });
  }

  /** Copies, compares the bytes on disk, and gives the events of the two servers meanwhile. */
  async function copied(from: Party, to: Party, title: string): Promise<WireEvent[]> {
    const folder = `${title} ${from.name}`;
    const began = api.wireLog().length;
    await fs.copy(from.stage.uri('copy/tree'), to.stage.uri(folder));
    assertOnDisk(to.stage.disk(`${folder}/one.txt`), '1');
    assertOnDisk(to.stage.disk(`${folder}/deep/two.txt`), '2');
    return api.wireLog().slice(began);
  }
});

function partyOf({ name, ways }: ServerPlan): Party[] {
  const way = ways.find(({ method }) => method === 'EPSV');
  return way ? [{ name: `${name} copies`, way, stage: stageOf(name, way) }] : [];
}

/** Only a copy between two servers uses both. */
function isThirdParty(event: WireEvent): boolean {
  return event.kind === 'sent' && /^(PORT|EPRT)/.test(event.line);
}

async function configure(key: string, value: unknown): Promise<void> {
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration('portside').update(key, value, Global);
}
