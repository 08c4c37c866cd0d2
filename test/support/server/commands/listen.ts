import type { PortRange } from '../../../../src/ftp/net/network';
import type { Address } from '../addresses';
import type { Passive, Session } from '../session';
import type { Task } from '../task';

/** Listens, and says no itself when it cannot. */
export function* listen(
  session: Session,
  command: string,
  how: { ports?: PortRange; direction?: 'R' | 'S'; admits?: Address; speaksFirst?: true } = {},
): Task<Address | undefined> {
  const { ports = session.settings.ports, ...terms } = how;
  const passive: Passive = { kind: 'passive', listener: session.name('listener'), arrived: [], ...terms };
  session.setRendezvous(passive);
  session.emit({ kind: 'listen', listener: passive.listener, ports });
  yield () => passive.local !== undefined || passive.failed === true;
  if (passive.failed) {
    session.rendezvous = { kind: 'default' };
    session.reply(command, 'passiveFailed');
  }
  return passive.local;
}
