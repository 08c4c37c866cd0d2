import { parseNumber } from '../addresses';
import type { Session } from '../session';
import { free, simple, type HandlerTable } from './handler';

/** What the server is, and the parameters of transfers (RFC 959 §4.1.2, RFC 2389). */
export const settingCommands: HandlerTable = {
  SYST: free((session) => session.reply('SYST', 'system')),
  FEAT: free(features),
  HELP: free((session) => session.say('HELP', ['214-Commands', ' see FEAT', '214 End'])),
  NOOP: free((session) => session.reply('NOOP', 'noop')),
  CLNT: free((session) => session.reply('CLNT', 'client')),
  LANG: free((session) => session.reply('LANG', 'language')),
  HOST: free((session) => session.reply('HOST', 'host')),
  OPTS: free(options),
  TYPE: simple(setType),
  MODE: simple((session, argument) => {
    const key =
      argument.toUpperCase() === 'S' ? 'modeSet' : argument.toUpperCase() === 'Z' ? 'deflateMode' : 'badMode';
    session.reply('MODE', key, { argument });
  }),
  STRU: simple((session, argument) => {
    session.reply('STRU', argument.toUpperCase() === 'F' ? 'structureSet' : 'badStructure', { argument });
  }),
  ALLO: simple((session) => session.reply('ALLO', 'allocated')),
  REST: simple((session, argument) => {
    const offset = parseNumber(argument);
    if (offset === undefined) return session.reply('REST', 'syntax');
    session.restart = offset;
    session.reply('REST', 'restart', { argument });
  }),
};

function features(session: Session): void {
  const { features } = session.persona;
  session.say('FEAT', [features.first, ...features.lines.map((line) => ` ${line}`), features.last]);
}

function options(session: Session, argument: string): void {
  const [name = '', value = ''] = argument.split(' ');
  if (name.toUpperCase() === 'UTF8') return session.reply('OPTS', 'options', { argument });
  const machine = name.toUpperCase() === 'MLST' && session.persona.refuses.MLST === undefined;
  if (!machine) return session.reply('OPTS', 'optionsFailed', { argument });
  session.reply('OPTS', 'machineFactsSet', { argument: value });
}

function setType(session: Session, argument: string): void {
  const type = argument.toUpperCase();
  if (type === 'A' || type === 'A N') session.type = 'A';
  else if (type === 'I' || type === 'L 8') session.type = 'I';
  else return session.reply('TYPE', 'badType', { argument });
  session.reply('TYPE', 'typeSet', { argument: session.type, words: typeWords[session.type] });
}

const typeWords = { A: 'ASCII', I: 'Binary' } as const;
