import { modeLetters, type LineParameters, type TransferMode } from '../dtp/dataLine';
import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { severityOf, type Reply } from '../protocol/reply';
import type { Link } from './link';

/** A command that changes a transfer parameter (RFC 959 §4.1.2), and what is in force when it was answered 2xx. */
export interface Setting {
  readonly command: Command;
  readonly gives: Partial<LineParameters>;
}

/** The commands that lead from one set of parameters to another; none where nothing changes. */
export function settingsFor(from: LineParameters, to: LineParameters, deflateLevel: number): Setting[] {
  const { mode, type, structure } = to;
  return [
    ...(mode === from.mode ? [] : modeSettings(mode, deflateLevel)),
    ...(type === from.type ? [] : [{ command: set('TYPE', typeLetters[type]), gives: { type } }]),
    ...(structure === from.structure
      ? []
      : [{ command: set('STRU', structureLetters[structure]), gives: { structure } }]),
  ];
}

// MODE B   200 MODE set to B.   504 Command not implemented for that parameter.
// STRU R   200 STRU set to R.   504 Command not implemented for that parameter.
/**
 * Takes down what is in force now. A mode that was refused leaves the one that was; without the structure or the type
 * the bytes would mean something else: then throws 'not-supported'.
 */
export function takeSettings(link: Link, settings: readonly Setting[], replies: readonly Reply[]): void {
  settings.forEach(({ gives }, index) => {
    const reply = replies[index];
    if (reply && severityOf(reply) === 'completed') {
      link.line.parameters = { ...link.line.parameters, ...gives };
    }
  });
  settings.forEach(({ command, gives }, index) => {
    if (isInForce(link.line.parameters, gives)) return;
    // 501 'MODE Z' unrecognized transfer mode (ProFTPD, pyftpdlib)
    if (!isPlain(gives)) link.learnFrom(nameOf(command), replies[index], 'parameter');
    if (gives.mode === undefined) throw refused(link, command, replies[index], gives);
  });
}

/** Goes back to file structure and TYPE I after `work`: whatever else is asked takes them for granted (SIZE, for one). */
export async function thenInFiles<T>(link: Link, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await restore(link);
  }
}

async function restore(link: Link): Promise<void> {
  const { line, control, options } = link;
  const plain = { ...line.parameters, structure: 'file', type: 'image' } as const;
  const settings = settingsFor(line.parameters, plain, options.deflateLevel);
  if (settings.length === 0 || control.loss) return;
  takeSettings(link, settings, await link.batch(settings.map(({ command }) => command)));
}

/** Before anything is sent: the server has refused the structure before. */
export function assertStructure(link: Link, structure: LineParameters['structure']): void {
  const command = set('STRU', structureLetters[structure]);
  if (link.refuses(nameOf(command))) throw refused(link, command, undefined, { structure });
}

function isInForce(parameters: LineParameters, gives: Partial<LineParameters>): boolean {
  const { mode, type, structure } = { ...parameters, ...gives };
  return mode === parameters.mode && type === parameters.type && structure === parameters.structure;
}

function refused(link: Link, command: Command, reply: Reply | undefined, gives: Setting['gives']): FtpError {
  const name = nameOf(command);
  const facts = { command: name };
  const error = new FtpError('not-supported', `The server has no ${name}.`, { reply, facts });
  // It will not go back: a new connection begins with file structure.
  if (isPlain(gives)) link.control.lose(error);
  return error;
}

/** What is in force after signing in. */
function isPlain({ structure, type }: Setting['gives']): boolean {
  return structure === 'file' || type === 'image';
}

// OPTS MODE Z LEVEL 6   200 MODE Z LEVEL set to 6.
function modeSettings(mode: TransferMode, deflateLevel: number): Setting[] {
  const choose: Setting = { command: set('MODE', modeLetters[mode]), gives: { mode } };
  if (mode !== 'deflate') return [choose];
  return [choose, { command: set('OPTS', `MODE Z LEVEL ${deflateLevel}`), gives: {} }];
}

function set(verb: string, argument: string): Command {
  return { verb, argument };
}

function nameOf({ verb, argument = '' }: Command): string {
  return `${verb} ${argument}`;
}

const typeLetters = { image: 'I', ascii: 'A' } as const;
const structureLetters = { file: 'F', record: 'R' } as const;
