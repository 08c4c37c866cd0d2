import type { FileFault } from '../files';
import { parseCompactTime } from '../listingText';
import type { Session } from '../session';
import type { Task } from '../task';
import type { HandlerTable } from './handler';

/** `SITE CHMOD 644 name`, `SITE UTIME …`, `SITE HELP`; `SITE CPFR` and `SITE CPTO` as ProFTPD's mod_copy has them. */
export const siteCommands: HandlerTable = {
  SITE: {
    *run(session, argument) {
      const blank = argument.indexOf(' ');
      const verb = (blank < 0 ? argument : argument.slice(0, blank)).toUpperCase();
      const rest = blank < 0 ? '' : argument.slice(blank + 1);
      if (session.settings.siteCopy && verb === 'CPFR') return yield* copyFrom(session, rest);
      if (session.settings.siteCopy && verb === 'CPTO') return yield* copyTo(session, rest);
      if (!session.persona.site.includes(verb)) {
        return session.reply('SITE', 'siteUnknown', { command: verb });
      }
      if (verb === 'CHMOD') return yield* changeMode(session, rest);
      if (verb === 'UTIME') return yield* changeTime(session, rest);
      session.say('SITE', [
        '214-SITE commands',
        ...session.persona.site.map((name) => ` ${name}`),
        '214 End',
      ]);
    },
  },
};

function* changeMode(session: Session, argument: string): Task {
  const match = /^([0-7]{1,4}) (.+)$/.exec(argument);
  if (!match) return session.reply('SITE', 'syntax');
  const [, digits = '', name = ''] = match;
  const outcome = yield* session.file('setMode', session.path(name), parseInt(digits, 8));
  if ('fault' in outcome) return session.refuse('SITE', 'siteFailed', name, outcome.fault);
  session.reply('SITE', 'siteDone', { command: 'CHMOD' });
}

/** Two forms: `UTIME YYYYMMDDhhmm[ss] name`, and `UTIME name atime mtime ctime UTC`. */
function* changeTime(session: Session, argument: string): Task {
  const short = /^(\d{12}(?:\d\d)?) (.+)$/.exec(argument);
  const long = /^(.+) \d{14} (\d{14}) \d{14} UTC$/i.exec(argument);
  const [text = '', name = ''] = short ? [short[1], short[2]] : [long?.[2], long?.[1]];
  const time = parseCompactTime(text.padEnd(14, '0'));
  if (time === undefined) return session.reply('SITE', 'syntax');
  const outcome = yield* session.file('setModified', session.path(name), time);
  if ('fault' in outcome) return session.refuse('SITE', 'siteFailed', name, outcome.fault);
  session.reply('SITE', 'siteDone', { command: 'UTIME' });
}

function* copyFrom(session: Session, argument: string): Task {
  const outcome = yield* session.file('follow', session.path(argument));
  if ('fault' in outcome) return session.refuse('SITE', 'copyFailed', argument, outcome.fault);
  session.copyFrom = session.path(argument);
  session.reply('SITE', 'copyReady');
}

function* copyTo(session: Session, argument: string): Task {
  const from = session.copyFrom;
  if (from === undefined) return session.reply('SITE', 'copyFirst');
  session.copyFrom = undefined;
  const source = yield* session.file('openRead', from);
  if ('fault' in source) return session.refuse('SITE', 'copyFailed', argument, source.fault);
  const fault = yield* copy(session, source.value, session.path(argument));
  yield* session.file('close', source.value);
  if (fault) return session.refuse('SITE', 'copyFailed', argument, fault);
  session.reply('SITE', 'copied');
}

function* copy(session: Session, source: number, to: string): Task<FileFault | undefined> {
  const target = yield* session.file('openWrite', to, 'new');
  if ('fault' in target) return target.fault;
  let fault: FileFault | undefined;
  for (let position = 0; fault === undefined;) {
    const read = yield* session.file('read', source, position, session.settings.chunkSize);
    if ('fault' in read) fault = read.fault;
    else if (read.value.length === 0) break;
    else {
      position += read.value.length;
      const written = yield* session.file('write', target.value, read.value);
      if ('fault' in written) fault = written.fault;
    }
  }
  yield* session.file('close', target.value);
  return fault;
}
