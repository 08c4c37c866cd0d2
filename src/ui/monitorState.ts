import type { WireEvent } from '../ftp/index';
import {
  monitorRow,
  shownAfter,
  stalledAfter,
  toldFor,
  type MonitorRow,
  type MonitorScene,
} from './monitorRows';
import { ServerActivity } from './serverActivity';

/** What the monitor has to be told besides the wire events. */
export type MonitorSurroundings = () => Omit<MonitorScene, 'now' | 'servers'>;

/** What the status bar says at a moment. Pure: time comes with each question. */
export class MonitorState {
  private readonly activities = new Map<string, ServerActivity>();
  private work: { readonly row: MonitorRow; readonly since: number } | undefined;

  constructor(private readonly surroundings: MonitorSurroundings) {}

  take(event: WireEvent): void {
    let activity = this.activities.get(event.session);
    if (!activity) this.activities.set(event.session, (activity = new ServerActivity(event.session)));
    activity.take(event);
  }

  get servers(): readonly ServerActivity[] {
    return [...this.activities.values()];
  }

  row(now: number): MonitorRow | undefined {
    const row = monitorRow({ ...this.surroundings(), now, servers: this.servers });
    if (row?.isWork) {
      this.work = { row, since: this.work?.since ?? now };
      return row;
    }
    const staysOn = this.work !== undefined && now - this.work.since < shownFor && !row?.background;
    if (staysOn) return this.work?.row;
    this.work = undefined;
    return row;
  }

  /** Milliseconds until time alone changes what is shown; undefined while all is quiet. */
  quietFor(now: number): number | undefined {
    const moments = this.servers.flatMap((server) => [
      ...[...server.operations.values()].map(({ begun }) => begun + shownAfter),
      ...(server.isConnecting ? [server.phaseSince + shownAfter] : []),
      ...(server.lastTransfer ? [server.lastTransfer.at + toldFor] : []),
      ...this.stalls(server),
    ]);
    if (this.work) moments.push(this.work.since + shownFor);
    const coming = moments.filter((moment) => moment > now);
    return coming.length === 0 ? undefined : Math.min(...coming) - now;
  }

  private stalls(server: ServerActivity): number[] {
    return [...server.operations.values()].flatMap(({ transfer }) =>
      transfer ? [transfer.rate.movedAt + stalledAfter] : [],
    );
  }
}

/** Milliseconds: what is shown stays long enough to be read. */
const shownFor = 600;
