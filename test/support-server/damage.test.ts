import type { Damage } from '../support/server/modes/damage';
import { login, playAll } from './dialogue';

const closed = `S: 226 Transfer complete.`;
const open = 'S: 250 File transferred, the data connection stays open.';

/** What a client gets that downloads `hello`. */
const lies: readonly (readonly [mode: string, structure: string, Damage, got: string, final: string])[] = [
  ['B', 'F', 'long-count', `H$ 00 00 05 'hello' 00 01 00 'x'`, closed],
  ['C', 'F', 'long-count', `H$ 05 'hello' 7f 'x'`, closed],
  ['S', 'R', 'long-count', `H$ 'hello' ff`, closed],
  ['B', 'F', 'unknown-descriptor', `H$ 0f 00 01 'x' 40 00 05 'hello'`, closed],
  ['C', 'F', 'unknown-descriptor', `H$ 00 0f 01 'x' 00 40 05 'hello'`, closed],
  ['S', 'R', 'unknown-descriptor', `H$ ff 07 'hello' ff 02`, closed],
  ['B', 'F', 'no-end', `H$ 00 00 05 'hello'`, closed],
  ['C', 'F', 'no-end', `H$ 05 'hello'`, closed],
  ['S', 'R', 'no-end', `H$ 'hello'`, closed],
  ['B', 'F', 'no-end-open', `H< 00 00 05 'hello'`, open],
  ['C', 'F', 'no-end-open', `H< 05 'hello'`, open],
  ['C', 'F', 'bare-end-open', `H< 05 'hello' 00 40`, open],
];

describe('reference server, lies', () => {
  playAll(
    lies.map(([mode, structure, damage, got, final]) => ({
      title: `MODE ${mode}, STRU ${structure}: ${damage}`,
      dialogue: `${login}
        C: TYPE I
        S: 200 Type set to I.
        C: MODE ${mode}
        S: 200 Mode set to ${mode}.
        C: STRU ${structure}
        S: 200 Structure set to ${structure}.
        C: PASV
        S: 227 Entering Passive Mode (1,1,1,1,19,137).
        connect
        C: RETR docs/Grüße.txt
        S: 150 Opening data connection for docs/Grüße.txt (5 bytes).
        ${got}
        ${final}`,
      options: { settings: { damage } },
    })),
  );
});
