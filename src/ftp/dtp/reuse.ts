import type { DataConnection } from './dataConnection';
import { withPrelude, type Rendezvous } from './rendezvous';

/** No rendezvous at all: the data connection is there, kept from the last transfer (RFC 959 §3.3), or made ready for this. */
export function reuse(kept: DataConnection): Rendezvous {
  return {
    method: kept.method,
    arrange(_context, prelude) {
      let taken = false;
      kept.expect();
      const meeting = {
        method: kept.method,
        isMet: true,
        connection: () => {
          taken = true;
          return Promise.resolve(kept);
        },
        dispose: () => {
          if (!taken) kept.close();
        },
      };
      return Promise.resolve(withPrelude(meeting, prelude));
    },
  };
}
