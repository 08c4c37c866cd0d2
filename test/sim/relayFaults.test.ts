import assert from 'node:assert/strict';
import { FtpError } from '../../src/ftp';
import type { faultKinds, Fault, FaultKind } from '../support/server/faultKinds';
import { FaultScript } from '../support/server/faultScript';
import { RecordingScript } from '../support/server/recordingScript';
import { betweenServers, content, type RelayStage } from './relayStage';

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
async function pointsOf(route: Route, name: Name): Promise<readonly string[]> {
  const script = new RecordingScript();
  return betweenServers({ [name]: { script } }, async (stage) => {
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

async function runCase(route: Route, name: Name, fault: Fault, outcomes: Set<string>): Promise<void> {
  const script = new FaultScript(fault);
  await betweenServers({ [name]: { script } }, async (stage) => {
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
