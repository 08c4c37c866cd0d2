import { parseNumber } from '../addresses';
import { offsetOfMarker, outlivesFiles } from '../modes/mode';
import type { Session } from '../session';
import type { TlsSettings } from '../tls/tlsSettings';
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
  MODE: simple(setMode),
  STRU: simple((session, argument) => {
    const structure = session.persona.structures.find((known) => known === argument.toUpperCase());
    session.structure = structure ?? session.structure;
    session.reply('STRU', structure ? 'structureSet' : 'badStructure', { argument });
  }),
  ALLO: simple((session) => session.reply('ALLO', 'allocated')),
  REST: simple((session, argument) => {
    const marker = outlivesFiles(session.mode) ? offsetOfMarker(argument) : undefined;
    const offset = marker ?? parseNumber(argument);
    if (offset === undefined) {
      return session.reply('REST', outlivesFiles(session.mode) ? 'badMarker' : 'syntax', { argument });
    }
    session.restart = offset;
    session.reply('REST', 'restart', { argument });
  }),
};

function features(session: Session): void {
  const { features } = session.persona;
  const { siteCopy, tls } = session.settings;
  const more = [...(tls ? tlsFeatures(tls) : []), ...(siteCopy ? ['SITE COPY'] : [])];
  const lines = [...features.lines, ...more];
  session.say('FEAT', [features.first, ...lines.map((line) => ` ${line}`), features.last]);
}

/** RFC 4217 §6 and what servers add. */
function tlsFeatures({ explicit, ccc, cpsv, sscn }: TlsSettings): string[] {
  const known = { 'AUTH TLS': explicit, CCC: ccc !== false, CPSV: cpsv, PBSZ: true, PROT: true, SSCN: sscn };
  return Object.entries(known).flatMap(([line, on]) => (on ? [line] : []));
}

function options(session: Session, argument: string): void {
  const [name = '', value = ''] = argument.split(' ');
  if (name.toUpperCase() === 'UTF8') return session.reply('OPTS', 'options', { argument });
  if (/^MODE Z LEVEL /i.test(argument)) return setLevel(session, argument);
  const machine = name.toUpperCase() === 'MLST' && session.persona.refuses.MLST === undefined;
  if (!machine) return session.reply('OPTS', 'optionsFailed', { argument });
  session.reply('OPTS', 'machineFactsSet', { argument: value });
}

/** A mode it does not have leaves the one it is in. */
function setMode(session: Session, argument: string): void {
  const wanted = argument.toUpperCase();
  const mode = session.persona.modes.find((known) => known === wanted);
  session.mode = mode ?? session.mode;
  session.reply('MODE', mode ? 'modeSet' : wanted === 'Z' ? 'deflateMode' : 'badMode', { argument });
}

/** `OPTS MODE Z LEVEL 9` */
function setLevel(session: Session, argument: string): void {
  const level = parseNumber(argument.slice(argument.lastIndexOf(' ') + 1));
  const known = session.persona.modes.includes('Z') && level !== undefined && level <= HIGHEST_LEVEL;
  if (!known) return session.reply('OPTS', 'optionsFailed', { argument });
  session.deflateLevel = level;
  session.reply('OPTS', 'deflateLevel', { argument: level });
}

const HIGHEST_LEVEL = 9;

function setType(session: Session, argument: string): void {
  const type = argument.toUpperCase();
  if (type === 'A' || type === 'A N') session.type = 'A';
  else if (type === 'I' || type === 'L 8') session.type = 'I';
  else return session.reply('TYPE', 'badType', { argument });
  session.reply('TYPE', 'typeSet', { argument: session.type, words: typeWords[session.type] });
}

const typeWords = { A: 'ASCII', I: 'Binary' } as const;
