import { isIP } from 'node:net';
import { toDisposable, type Disposable } from '../../../src/base/disposable';
import type { Endpoint } from '../../../src/ftp/net/network';
import type { Lane } from './flow';
import type { Kernel } from './kernel';
import type { LinkOptions, Rule, Verdict } from './rules';
import { endpointKey, type Segment } from './segment';
import { SimHost } from './simHost';

const loopbackAddresses = new Set(['127.0.0.1', '::1']);

/** Milliseconds one way. */
const defaultDelay = 25;

/** Hosts and the links between them. */
export class SimWorld {
  private readonly hosts = new Map<string, SimHost>();
  private readonly byAddress = new Map<string, SimHost>();
  private readonly names = new Map<string, readonly string[]>();
  private readonly lanes = new Map<string, Lane>();
  private readonly rules = new Set<Rule>();

  constructor(readonly kernel: Kernel) {
    kernel.addReporter(() => this.report());
  }

  /** Its name resolves to its addresses, in their order. */
  host(name: string, addresses: readonly string[]): SimHost {
    const host = new SimHost(this, name, addresses);
    this.hosts.set(name, host);
    for (const address of addresses) this.byAddress.set(address, host);
    this.name(name, addresses);
    this.lanes.set(laneKey(host, host), { delay: 0, rate: undefined, free: 0 });
    return host;
  }

  /** One more name, or another meaning of one. */
  name(name: string, addresses: readonly string[]): void {
    this.names.set(name, addresses);
  }

  /** Joins two hosts; `back` is the direction from the second to the first, where it differs. */
  link(first: string, second: string, there: LinkOptions = {}, back: LinkOptions = there): void {
    const [a, b] = [this.known(first), this.known(second)];
    this.lanes.set(laneKey(a, b), lane(there));
    this.lanes.set(laneKey(b, a), lane(back));
  }

  unlink(first: string, second: string): void {
    const [a, b] = [this.known(first), this.known(second)];
    this.lanes.delete(laneKey(a, b));
    this.lanes.delete(laneKey(b, a));
  }

  /** Dispose to heal. The first rule that does not say 'pass' decides. */
  rule(rule: Rule): Disposable {
    this.rules.add(rule);
    return toDisposable(() => this.rules.delete(rule));
  }

  verdict(segment: Segment, from: SimHost, to: SimHost): Verdict {
    if (from.vanished || to.vanished || !this.isLinked(from, to)) return 'drop';
    for (const rule of this.rules) {
      const verdict = rule(segment);
      if (verdict !== 'pass') return verdict;
    }
    return 'pass';
  }

  isLinked(from: SimHost, to: SimHost): boolean {
    return this.lanes.has(laneKey(from, to));
  }

  laneBetween(from: SimHost, to: SimHost): Lane {
    const found = this.lanes.get(laneKey(from, to));
    if (!found) throw new Error(`No link from ${from.name} to ${to.name}.`);
    return found;
  }

  /** Whose address it is, as seen from `asker`. */
  hostOf(address: string, asker: SimHost): SimHost | undefined {
    return loopbackAddresses.has(address) ? asker : this.byAddress.get(address);
  }

  /** Addresses of a name; none: it is unknown. */
  resolve(name: string): readonly string[] {
    if (isIP(name)) return [name];
    if (name === 'localhost') return [...loopbackAddresses];
    return this.names.get(name) ?? [];
  }

  /** Which of its addresses a host uses towards `remote`. */
  sourceAddress(host: SimHost, remote: Endpoint): string | undefined {
    if (this.hostOf(remote.host, host) === host) return remote.host;
    return host.addresses.find((address) => isIP(address) === remote.family);
  }

  report(): string[] {
    return [...this.hosts.values()].flatMap((host) => [
      `sockets of ${host.name}:`,
      ...host.listeners.map(({ local }) => `  listener ${endpointKey(local)}`),
      ...host.connections.map((connection) => `  connection ${connection.toString()}`),
    ]);
  }

  private known(name: string): SimHost {
    const host = this.hosts.get(name);
    if (!host) throw new Error(`No host ${name}.`);
    return host;
  }
}

function lane({ delay = defaultDelay, rate }: LinkOptions): Lane {
  return { delay, rate, free: 0 };
}

function laneKey(from: SimHost, to: SimHost): string {
  return `${from.name} > ${to.name}`;
}
