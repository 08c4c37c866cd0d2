import type { DataConnection } from './dataConnection';
import type { Rendezvous } from './rendezvous';

/** No rendezvous at all: the data connection of the last transfer is still open (RFC 959 §3.3). */
export function reuse(kept: DataConnection): Rendezvous {
  return {
    method: kept.method,
    async arrange({ control, operation }, prelude) {
      let taken = false;
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
      return { meeting, prelude: prelude.length > 0 ? await control.batch(prelude, operation) : [] };
    },
  };
}
