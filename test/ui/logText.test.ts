import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { OperationEvent, WireEvent, WireEventBase } from '../../src/ftp/index';
import { Tracer } from '../../src/ftp/trace/tracer';
import { gapText } from '../../src/ui/logLine';
import { LogText, type LogLevel } from '../../src/ui/logText';

/** Midnight is 0 here, so that a test does not depend on where it runs. */
function utc(wall: number): string {
  return new Date(wall).toISOString().slice(11, 23);
}

function at(time: string, session: string, operation?: number): WireEventBase {
  const wall = Date.parse(`1970-01-01T${time}Z`);
  return { at: wall, wall, session, connection: 1, ...(operation === undefined ? {} : { operation }) };
}

function begins(text: string): Omit<OperationEvent, keyof WireEventBase> {
  return { kind: 'operation', phase: 'begin', name: 'list', waiting: 0, text };
}

function ends(text: string): Omit<OperationEvent, keyof WireEventBase> {
  return { kind: 'operation', phase: 'end', name: 'list', waiting: 0, text };
}

const sent = (line: string) => ({ kind: 'sent', line }) as const;
const received = (line: string) => ({ kind: 'received', line }) as const;
const opened = (text: string) => ({ kind: 'data', phase: 'open', text }) as const;
const closed = (text: string) => ({ kind: 'data', phase: 'closed', text }) as const;
const session = (text: string) => ({ kind: 'state', state: 'connecting', text }) as const;

const conversation: [WireEvent, string][] = [
  [
    { ...at('14:02:07.113', 'shop', 1), ...begins('Sign in to ftp.example.com:21 as web') },
    '14:02:07.113         shop   #1   [ Sign in to ftp.example.com:21 as web',
  ],
  [
    { ...at('14:02:07.113', 'shop', 1), ...session('connecting to 203.0.113.9:21') },
    '14:02:07.113         shop   #1   ~ connecting to 203.0.113.9:21',
  ],
  [
    { ...at('14:02:07.161', 'shop', 1), ...received('220 Pure-FTPd ready') },
    '14:02:07.161  +0.048 shop   #1   < 220 Pure-FTPd ready',
  ],
  [
    { ...at('14:02:07.161', 'shop', 1), ...sent('PASS ******') },
    '14:02:07.161         shop   #1   > PASS ******',
  ],
  [
    { ...at('14:02:07.210', 'shop', 1), ...received('230 OK. Current directory is /') },
    '14:02:07.210  +0.049 shop   #1   < 230 OK. Current directory is /',
  ],
  [
    { ...at('14:02:07.210', 'shop', 1), ...ends('Signed in, 0.097 s, 2 round trips') },
    '14:02:07.210         shop   #1   ] Signed in, 0.097 s, 2 round trips',
  ],
  [
    {
      ...at('14:02:07.509', 'shop', 2),
      ...opened('open, passive EPSV, 192.0.2.17:40112 to 203.0.113.9:50123'),
    },
    '14:02:07.509  +0.299 shop   #2   = open, passive EPSV, 192.0.2.17:40112 to 203.0.113.9:50123',
  ],
  [
    { ...at('14:02:07.558', 'shop', 2), ...closed('received 1,204 bytes, closed by the server, 12 entries') },
    '14:02:07.558  +0.049 shop   #2   = received 1,204 bytes, closed by the server, 12 entries',
  ],
  [
    { ...at('14:03:00.102', 'shop', 7), ...begins('Save /www/index.php, 12,944 bytes, safely') },
    '14:03:00.102 +52.544 shop   #7   [ Save /www/index.php, 12,944 bytes, safely',
  ],
  [{ ...at('14:04:00.007', 'plc-7', 9), ...sent('EPSV') }, '14:04:00.007         plc-7  #9   > EPSV'],
  [
    { ...at('14:04:00.010', 'plc-7', 9), ...received('502 Command not implemented.') },
    '14:04:00.010  +0.003 plc-7  #9   < 502 Command not implemented.',
  ],
  [
    {
      ...at('14:04:00.010', 'plc-7', 9),
      kind: 'trouble',
      text: 'passive refused by reply 502; active for this server from now on',
    },
    '14:04:00.010         plc-7  #9   ! passive refused by reply 502; active for this server from now on',
  ],
  [
    { ...at('14:05:09.102', 'shop', 21), ...begins('Copy /a.iso to mirror:/a.iso') },
    '14:05:09.102  +2m09s shop   #21  [ Copy /a.iso to mirror:/a.iso',
  ],
  [
    { ...at('14:05:30.532', 'shop', 22), ...received('550 /www/nothing.txt: No such file or directory') },
    '14:05:30.532 +21.430 shop   #22  < 550 /www/nothing.txt: No such file or directory',
  ],
  [
    {
      ...at('14:05:30.532', 'shop', 22),
      kind: 'trouble',
      code: 'not-found',
      text: '/www/nothing.txt does not exist on shop',
    },
    '14:05:30.532         shop   #22  ! not-found: /www/nothing.txt does not exist on shop',
  ],
  [
    { ...at('14:05:31.000', 'shop'), ...received('421 Timeout.') },
    '14:05:31.000  +0.468 shop   -    < 421 Timeout.',
  ],
];

describe('LogText', () => {
  it('writes the columns of the specification, aligned for three servers', () => {
    const log = new LogText(utc);
    log.lines({ ...at('14:00:00.000', 'mirror'), ...session('x') }, 'off');
    for (const [event, line] of conversation) assert.deepEqual(log.lines(event, 'everything'), [line]);
  });

  it('gives the names of closed servers their room back', () => {
    const log = new LogText(utc);
    log.lines({ ...at('14:00:00.000', 'mirror'), ...session('x') }, 'everything');
    const goodbye = {
      ...at('14:00:00.001', 'mirror'),
      kind: 'state',
      state: 'closed',
      text: 'closed',
    } as const;
    log.lines(goodbye, 'everything');
    const [line] = log.lines({ ...at('14:00:00.002', 'a', 1), ...sent('NOOP') }, 'everything');
    assert.equal(line, '14:00:00.002         a #1   > NOOP');
  });

  it('cuts names to twelve characters', () => {
    const [line] = new LogText(utc).lines(
      { ...at('00:00:00.000', 'a-very-long-name'), ...sent('NOOP') },
      'commands',
    );
    assert.equal(line, '00:00:00.000         a-very-long… -    > NOOP');
  });

  it('shows at each level what belongs to it', () => {
    const shown = (level: LogLevel) => {
      const log = new LogText(utc);
      return conversation
        .flatMap(([event]) => log.lines(event, level))
        .map((line) => line.split(/ #?\S+ +(?=[[\]<>=~!] )/)[1]?.[0]);
    };
    assert.deepEqual(shown('off'), []);
    assert.deepEqual([...new Set(shown('commands'))].sort(), ['!', '<', '>', '[', ']']);
    assert.deepEqual([...new Set(shown('everything'))].sort(), ['!', '<', '=', '>', '[', ']', '~']);
  });

  it('keeps progress out', () => {
    const event = {
      ...at('00:00:00.000', 's', 1),
      kind: 'transfer',
      direction: 'down',
      path: '/',
      bytes: 0,
      done: false,
    } as const;
    assert.deepEqual(new LogText(utc).lines(event, 'everything'), []);
  });

  const replyOf = (count: number) => [
    '211-Features:',
    ...Array.from({ length: count }, (_, index) => (index === 1 ? '211-not the end' : ` F${index}`)),
    '211 End',
  ];
  const logged = (lines: string[], level: LogLevel = 'commands') => {
    const log = new LogText(utc);
    return lines
      .flatMap((line) => log.lines({ ...at('00:00:00.000', 's', 1), ...received(line) }, level))
      .map((line) => line.slice(30));
  };

  it('writes a reply of fifty lines whole', () => {
    assert.equal(logged(replyOf(49)).length, 51);
    assert.ok(!logged(replyOf(49)).some((line) => line.includes('more, in the trace')));
  });

  it('cuts a longer reply and says how much is missing', () => {
    const lines = logged([...replyOf(1253), '200 next']);
    assert.equal(lines.length, 53);
    assert.deepEqual(lines.slice(-3), ['… 1,204 lines more, in the trace', '211 End', '200 next']);
    assert.equal(logged(replyOf(50)).at(-2), '… 1 line more, in the trace');
  });

  it('says how much of a listing came as a reply', () => {
    const log = new LogText(utc);
    const base = at('00:00:00.000', 's', 1);
    const first = log.lines({ ...base, ...received('213-Status follows:') }, 'commands');
    const last = log.lines({ ...base, ...received('213 End of status'), omitted: 1204 }, 'commands');
    const texts = [...first, ...last].map((line) => line.slice(30));
    assert.deepEqual(texts, ['213-Status follows:', '… 1,204 lines of a listing', '213 End of status']);
  });

  it('cuts a long line and counts the bytes', () => {
    const [line = ''] = logged([`200 ${'ü'.repeat(2500)}`]);
    assert.ok(line.endsWith('ü… (1,008 bytes more)'), line.slice(-40));
    assert.equal(line.indexOf('…'), 2000);
  });

  it('lets nothing move the cursor, break the line or turn the direction', () => {
    assert.deepEqual(logged(['200 \u001b[31m\r\n\u202e\u2028\u0085\ufeff']), [
      '200 \\x1b[31m\\x0d\\x0a\\u202e\\u2028\\x85\\ufeff',
    ]);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(logged([text]).join('')),
      ),
    );
  });

  it('shows no secret: the events that reach it hold none', () => {
    const events: WireEvent[] = [];
    const clock = { now: () => 0, wallTime: () => 0, setTimer: () => ({ dispose: () => undefined }) };
    const secrets = ['hunter22'];
    const tracer = new Tracer({ clock, session: 's', secrets, sink: (event) => events.push(event) });
    tracer.received(new TextEncoder().encode('530 Password hunter22 is wrong'), 1);
    tracer.trouble({ code: 'login-refused', text: 'refused: hunter22' });
    const log = new LogText(utc);
    const lines = events.flatMap((event) => log.lines(event, 'everything'));
    assert.equal(lines.length, 2);
    assert.ok(
      lines.every((line) => line.includes('******') && !line.includes('hunter22')),
      lines.join('\n'),
    );
  });
});

describe('gapText', () => {
  const gaps: [number, string][] = [
    [0, '       '],
    [0.9, '       '],
    [1, ' +0.001'],
    [9_999, ' +9.999'],
    [99_999, '+99.999'],
    [100_000, ' +1m40s'],
    [5_999_999, '+99m59s'],
    [6_000_000, ' +1h40m'],
  ];
  for (const [milliseconds, text] of gaps) {
    it(`writes ${milliseconds} ms as "${text}"`, () => assert.equal(gapText(milliseconds), text));
  }
});
