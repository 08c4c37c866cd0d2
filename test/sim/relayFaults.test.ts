import assert from 'node:assert/strict';
import { FtpError } from '../../src/ftp';
import type { faultKinds, Fault, FaultKind } from '../support/server/faultKinds';
import { FaultScript } from '../support/server/faultScript';
import { reference } from '../support/server/personas/reference';
import { RecordingScript } from '../support/server/recordingScript';
import type { Script } from '../support/server/script';
import { dialects, type Dialect } from '../../src/ftp/relay/dialects';
import { note } from '../support/note';
import { betweenServers, content, type RelayOptions, type RelayStage } from './relayStage';

type Route = 'direct' | 'auto' | 'relay';
type Name = 'shop' | 'mirror';
const old = 'what was there before';
const target = '/b.iso';

/** A few of each place: what a server does that dies, stalls, or says no. */
const kinds: Readonly<Partial<Record<keyof typeof faultKinds, readonly FaultKind[]>>> = {
  reply: ['silence', 'close', 'reset', 'goodbye', 'code', 'doubled', 'garbage'],
  in: ['cut', 'reset', 'stall'],
  fin: ['late', 'silence', 'reset'],
  out: ['close', 'reset', 'silence'],
  connect: ['refused', 'ignored', 'reset', 'code'],
  accept: ['refused', 'never', 'reset'],
  file: ['full', 'denied', 'failed', 'killed', 'killed-for-good'],
};

async function copy({ shop, mirror }: RelayStage, route: Route): Promise<unknown> {
  return shop.session.copyTo('/a.iso', mirror.session, target, { route }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The points of a copy on one of the servers, those of signing in left out. */
async function pointsOf(route: Route, name: Name, setting: RelayOptions = {}): Promise<readonly string[]> {
  const script = new RecordingScript();
  return betweenServers(withScript(setting, name, script), async (stage) => {
    stage.mirror.files.put(target, old);
    const before = script.points.length;
    assert.equal(await copy(stage, route), undefined);
    return sample(script.points.slice(before));
  });
}

/** Of a place that comes often, such as the chunks of a file: the first two times, and the last. */
function sample(points: readonly string[]): string[] {
  const byLabel = new Map<string, string[]>();
  for (const point of points) {
    const label = point.slice(0, point.lastIndexOf(','));
    byLabel.set(label, [...(byLabel.get(label) ?? []), point]);
  }
  return [...byLabel.values()].flatMap((all) => [...new Set([...all.slice(0, 2), ...all.slice(-1)])]);
}

function faultsAt(point: string): Fault[] {
  const place = point.slice(0, point.indexOf('(')) as keyof typeof faultKinds;
  return (kinds[place] ?? []).flatMap((kind): Fault[] =>
    kind !== 'code' || place !== 'reply'
      ? [{ point, kind }]
      : [425, 451, 500, 550].map((code) => ({ point, kind, code })),
  );
}

function withScript(setting: RelayOptions, name: Name, script: Script): RelayOptions {
  return { ...setting, [name]: { ...setting[name], script } };
}

async function runCase(
  route: Route,
  name: Name,
  fault: Fault,
  outcomes: Set<string>,
  setting: RelayOptions = {},
): Promise<void> {
  const script = new FaultScript(fault);
  await betweenServers(withScript(setting, name, script), async (stage) => {
    const { shop, mirror, kernel } = stage;
    mirror.files.put(target, old);
    const began = kernel.now;
    const error = await copy(stage, route);
    assert.ok(kernel.now - began < 5 * 60_000, `${kernel.now - began} ms`);
    assert.ok(script.fired > 0, 'the fault happened');
    script.heal();
    const whole = Buffer.from(content);
    for (const version of mirror.files.versions(target)) {
      const text = Buffer.from(version);
      assert.ok(text.equals(whole) || text.equals(Buffer.from(old)), 'no partial file under the final name');
    }
    if (error === undefined) {
      assert.ok(whole.equals(mirror.files.at(target) ?? Buffer.alloc(0)), 'all is there');
      outcomes.add('copied');
    }
    if (error !== undefined) {
      assert.ok(error instanceof FtpError);
      if (error.facts.effect === 'unchanged') assert.equal(mirror.files.text(target), old);
      outcomes.add(error.code);
    }
    const dead = fault.kind === 'killed-for-good' ? name : undefined;
    if (dead !== 'shop') await shop.session.list('/');
    if (dead !== 'mirror') {
      await mirror.session.list('/');
      const left = mirror.files.names('/').filter((entry) => entry.includes('portside'));
      if (name === 'shop') assert.deepEqual(left, [], 'no temporary file is left');
    }
  });
}

describe('server to server, when either side fails', function () {
  this.timeout(120_000);
  for (const route of ['direct', 'auto', 'relay'] as const) {
    for (const name of ['shop', 'mirror'] as const) {
      it(`${route}: ${name} dies, stalls or refuses at every step`, async () => {
        const points = await pointsOf(route, name);
        const failures: string[] = [];
        const outcomes = new Set<string>();
        let count = 0;
        for (const fault of points.flatMap(faultsAt)) {
          count++;
          await runCase(route, name, fault, outcomes).catch((error: unknown) => {
            failures.push(`${JSON.stringify(fault)}: ${String(error).split('\n')[0] ?? ''}`);
          });
        }
        assert.deepEqual(failures, []);
        assert.ok(count > 100, `${count} cases`);
        assert.ok(outcomes.has('copied') && outcomes.size > 2, [...outcomes].join());
      });
    }
  }
});

/** A source that cannot dial lets the target listen no more: it listens itself. */
const cannotDial = { ...reference, refuses: { PORT: '502 No.', EPRT: '502 No.' } };
const historical = { shop: { historical: true }, mirror: { historical: true } };

const settings: readonly (readonly [Dialect, 'target' | 'source', RelayOptions])[] = [
  ['rfc959', 'target', {}],
  ['rfc959', 'source', { shop: { persona: cannotDial } }],
  ['rfc2428', 'target', { family: 6 }],
  ['rfc2428', 'source', { family: 6, shop: { persona: cannotDial } }],
  ['rfc478', 'target', { ...historical, client: { dialect: 'rfc478' } }],
  ['rfc438', 'target', { ...historical, client: { dialect: 'rfc438' } }],
];

describe('server to server, when either side fails at a step of a dialect', function () {
  this.timeout(120_000);
  for (const [dialect, listening, setting] of settings) {
    for (const name of ['shop', 'mirror'] as const) {
      it(`${dialect}, the ${listening} listening: ${name} at every one of its steps`, async () => {
        const role = (name === 'mirror') === (listening === 'target') ? 'passive' : 'active';
        const steps = dialects[dialect].steps.filter(({ to }) => to === role);
        const verbs = [...steps.map(({ verb }) => verb), name === 'mirror' ? 'STOR' : 'RETR'];
        const points = await pointsOf('direct', name, setting);
        const outcomes = new Set<string>();
        const failures: string[] = [];
        let count = 0;
        for (const verb of verbs) {
          const own = points.filter((point) => point.startsWith(`reply(${verb},`));
          assert.ok(own.length > 0, `${verb} is a step: ${points.join(' ')}`);
          for (const fault of own.flatMap(faultsAt)) {
            count++;
            await runCase('direct', name, fault, outcomes, setting).catch((error: unknown) => {
              failures.push(`${JSON.stringify(fault)}: ${String(error).split('\n')[0] ?? ''}`);
            });
          }
        }
        assert.deepEqual(failures, []);
        note(`${count} cases: ${[...outcomes].sort().join(', ')}`);
        assert.ok(outcomes.size > 1, [...outcomes].join());
      });
    }
  }
});
