import type { FtpSession } from '../../src/ftp';

/** On real sockets: until every reply has come that is owed, also to the next data connection's EPSV. */
export async function atRest(session: FtpSession): Promise<void> {
  while (session.inspect().openSlots > 0) await new Promise((resume) => setImmediate(resume));
}
