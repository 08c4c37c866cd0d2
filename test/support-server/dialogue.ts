import assert from 'node:assert/strict';
import { concatBytes } from '../../src/base/bytes';
import type { Action } from '../support/server/actions';
import { ServerCore } from '../support/server/core';
import { DeflateWorker } from '../support/server/deflateWorker';
import type { Fact } from '../support/server/facts';
import { FileWorker } from '../support/server/fileWorker';
import { MemoryFiles } from '../support/server/memoryFiles';
import type { Persona } from '../support/server/persona';
import { reference } from '../support/server/personas/reference';
import type { ServerSettings } from '../support/server/session';

export interface DialogueOptions {
  readonly persona?: Persona;
  readonly files?: MemoryFiles;
  readonly settings?: Partial<ServerSettings>;
}

/**
 * Plays a dialogue against the pure core, line by line:
 *
 *     C: RETR a.txt          the client says (several `C:` lines in a row leave in one segment)
 *     S: 150 …               the server must say exactly this
 *     connect                the client opens the passive data connection
 *     listens 20             the server must have been told to listen on this port
 *     D< hello               the server must have sent this and closed (`|` is CR LF, `/` at the end: LF)
 *     D> hello               the client sends this
 *     H< 80 00 01 61         the server must have sent these bytes, and left the data connection open
 *     H$ 61 ff 03            the server must have sent these bytes and closed
 *     H> 80 00 01 61         the client sends these bytes
 *     acknowledge            the FIN of the server is acknowledged
 *     gone                   the server must have closed the data connection
 *     end | reset            the client closes, or resets, the data connection
 *     hang up                the client closes the control connection
 *     time                   the timers fire
 *     dial 2.2.2.2:50 from 20    the server must have dialled this; it is connected (`refused`: it is not)
 *     closed                 the server must have closed the control connection
 */
export async function play(dialogue: string, options: DialogueOptions = {}): Promise<Talk> {
  const talk = new Talk(options);
  await talk.tell({ kind: 'control-opened' });
  const steps = dialogue.split('\n').map((line) => line.trimStart());
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] ?? '';
    if (!step.startsWith('C: ')) {
      await talk.step(step);
      continue;
    }
    let segment = '';
    for (; steps[index]?.startsWith('C: '); index++) segment += `${(steps[index] ?? '').slice(3)}\r\n`;
    index--;
    await talk.say(segment);
  }
  assert.deepEqual(talk.said, [], 'the server said more');
  return talk;
}

export interface DialogueCase {
  readonly title: string;
  readonly dialogue: string;
  readonly options?: DialogueOptions;
}

/** One test per dialogue. */
export function playAll(cases: readonly DialogueCase[]): void {
  for (const { title, dialogue, options } of cases) {
    it(title, async () => {
      await play(dialogue, options);
    });
  }
}

/** `USER` and `PASS`, with their replies, to put before a dialogue on the reference persona. */
export const login = `S: 220 Reference server ready.
  C: USER web
  S: 331 Password required for web.
  C: PASS secret
  S: 230 User web logged in.`;

/** The core, files in memory, and a network that is a few variables. */
export class Talk {
  readonly said: string[] = [];
  readonly actions: Action[] = [];
  readonly files: MemoryFiles;
  private readonly core: ServerCore;
  private readonly worker: FileWorker;
  private readonly deflate = new DeflateWorker({ run: (_what, work) => work() });
  private readonly timers = new Set<string>();
  private dialled: Extract<Action, { kind: 'dial' }> | undefined;
  private listener: string | undefined;
  private listensOn = 0;
  private link = '';
  private sent: Uint8Array[] = [];
  private finished = false;
  /** The server has closed the data connection, or never saw it. */
  private gone = false;
  private closed = false;
  private connections = 0;

  constructor({ persona = reference, files = sampleFiles(), settings = {} }: DialogueOptions) {
    this.files = files;
    this.worker = new FileWorker(files);
    const whole: ServerSettings = {
      persona,
      users: new Map([['web', { password: 'secret' }]]),
      anonymous: true,
      controlPort: 21,
      ports: { first: 0, last: 0 },
      thirdHosts: false,
      greetingDelay: false,
      chunkSize: 65_536,
      wire: { keeps: true, blockSize: 32_768, endsApart: false, markerEvery: 0 },
      damage: undefined,
      siteCopy: false,
      historical: false,
      refuseLogins: 0,
      ...settings,
    };
    this.core = new ServerCore(
      whole,
      { host: '1.1.1.1', port: 21, family: 4 },
      { host: '2.2.2.2', port: 4000, family: 4 },
    );
  }

  say(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    return this.tell({ kind: 'control-bytes', bytes });
  }

  async step(step: string): Promise<void> {
    const [verb = '', rest = ''] = split(step);
    if (step === '') return;
    if (verb === 'S:') assert.equal(this.said.shift(), rest);
    else if (verb === 'D<') this.expectData(rest);
    else if (verb === 'D>') await this.tell({ kind: 'data-bytes', data: this.link, bytes: encoded(rest) });
    else if (verb === 'connect') await this.connect(rest || '2.2.2.2');
    else if (verb === 'H>') await this.tell({ kind: 'data-bytes', data: this.link, bytes: fromHex(rest) });
    else if (verb === 'H<') {
      this.expectBytes(fromHex(rest));
      this.expectOpen();
    } else if (verb === 'H$') {
      this.expectBytes(fromHex(rest));
      this.expectFinished();
    } else if (verb === 'gone') assert.ok(this.gone, 'the data connection is open');
    else if (verb === 'end') await this.tell({ kind: 'data-ended', data: this.link });
    else if (verb === 'acknowledge') await this.tell({ kind: 'data-fin-acknowledged', data: this.link });
    else if (verb === 'hang') await this.tell({ kind: 'control-ended' });
    else if (verb === 'reset') await this.tell({ kind: 'data-fault', data: this.link });
    else if (verb === 'listens') assert.equal(this.listensOn, Number(rest));
    else if (verb === 'time') await this.letTimePass();
    else if (verb === 'dial') await this.answerDial(rest);
    else if (verb === 'closed') assert.ok(this.closed, 'the control connection is open');
    else assert.fail(`unknown step: ${step}`);
  }

  async tell(fact: Fact): Promise<void> {
    const now = Date.UTC(2024, 5, 1);
    for (const action of this.core.handle(fact, now)) await this.perform(action);
  }

  private async perform(action: Action): Promise<void> {
    this.actions.push(action);
    if (action.kind === 'reply') this.said.push(...action.lines);
    if (action.kind === 'control-close') this.closed = true;
    if (action.kind === 'timer') this.timers.add(action.timer);
    if (action.kind === 'timer-off') this.timers.delete(action.timer);
    if (action.kind === 'dial') this.dialled = action;
    if (action.kind === 'end') this.finished = true;
    if (action.kind === 'close' && action.data === this.link) this.gone = true;
    if (action.kind === 'zlib') {
      await this.tell({ kind: 'file-done', id: action.id, outcome: await this.deflate.run(action) });
    }
    if (action.kind === 'unlisten') this.listener = undefined;
    if (action.kind === 'file') {
      await this.tell({ kind: 'file-done', id: action.id, outcome: await this.worker.run(action) });
    }
    if (action.kind === 'listen') {
      this.listener = action.listener;
      this.listensOn = action.ports.first;
      const local = { host: '1.1.1.1', port: 5001, family: 4 } as const;
      await this.tell({ kind: 'listening', listener: action.listener, local });
    }
    if (action.kind === 'send') {
      this.sent.push(action.bytes);
      await this.tell({ kind: 'data-sent', data: action.data });
    }
  }

  private async connect(host: string): Promise<void> {
    assert.ok(this.listener, 'the server does not listen');
    this.link = `accepted-${++this.connections}`;
    this.finished = false;
    this.gone = false;
    const remote = { host, port: 4001, family: 4 } as const;
    await this.tell({ kind: 'data-opened', data: this.link, remote, listener: this.listener });
  }

  private async answerDial(expected: string): Promise<void> {
    const { dialled } = this;
    assert.ok(dialled, 'the server has not dialled');
    this.dialled = undefined;
    const from = dialled.from === undefined ? '' : ` from ${dialled.from}`;
    const refused = / (refused|address-in-use)$/.exec(expected)?.[1] as 'refused' | undefined;
    const wanted = refused ? expected.slice(0, -refused.length - 1) : expected;
    assert.equal(`${dialled.host}:${dialled.port}${from}`, wanted);
    this.link = dialled.data;
    this.finished = false;
    this.gone = false;
    const remote = { host: dialled.host, port: dialled.port, family: 4 } as const;
    if (refused) await this.tell({ kind: 'dial-failed', data: dialled.data, fault: refused });
    else await this.tell({ kind: 'data-opened', data: dialled.data, remote });
  }

  private expectData(expected: string): void {
    const sent = new TextDecoder().decode(this.takeSent());
    assert.equal(sent, new TextDecoder().decode(encoded(expected)));
    this.expectFinished();
  }

  private expectBytes(expected: Uint8Array): void {
    assert.equal(toHex(this.takeSent()), toHex(expected));
  }

  private takeSent(): Uint8Array {
    const sent = concatBytes(this.sent);
    this.sent = [];
    return sent;
  }

  private expectFinished(): void {
    assert.ok(this.finished, 'the server has not closed the data connection');
    this.finished = false;
  }

  private expectOpen(): void {
    assert.ok(!this.finished && !this.gone, 'the server has closed the data connection');
  }

  private async letTimePass(): Promise<void> {
    for (const timer of [...this.timers]) {
      this.timers.delete(timer);
      await this.tell({ kind: 'timer', timer });
    }
  }
}

export function sampleFiles(): MemoryFiles {
  return new MemoryFiles()
    .put('/a.txt', 'one\ntwo\n', { modified: Date.UTC(2024, 4, 6, 7, 8, 9) })
    .put('/docs/Grüße.txt', 'hello', { modified: Date.UTC(2020, 0, 1) })
    .put('/docs/.hidden', '')
    .putLink('/link', 'docs/Grüße.txt')
    .putFolder('/empty');
}

function split(step: string): [string, string] {
  const blank = step.indexOf(' ');
  return blank < 0 ? [step, ''] : [step.slice(0, blank), step.slice(blank + 1)];
}

/** `80 00 02 68 69`, or, with what stands in quotes in ASCII, `80 00 02 'hi'`. */
export function fromHex(text: string): Uint8Array {
  const bytes = text.match(/'[^']*'|[0-9a-f]{2}/gi) ?? [];
  return Uint8Array.from(
    bytes.flatMap((word) =>
      word.startsWith("'") ? [...Buffer.from(word.slice(1, -1))] : [parseInt(word, 16)],
    ),
  );
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text.replaceAll('|', '\r\n').replaceAll('\\n', '\n'));
}
