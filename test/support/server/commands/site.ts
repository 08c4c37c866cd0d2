import { parseCompactTime } from '../listingText';
import type { Session } from '../session';
import type { Task } from '../task';
import type { HandlerTable } from './handler';

/** `SITE CHMOD 644 name`, `SITE UTIME …`, `SITE HELP`. */
export const siteCommands: HandlerTable = {
  SITE: {
    *run(session, argument) {
      const blank = argument.indexOf(' ');
      const verb = (blank < 0 ? argument : argument.slice(0, blank)).toUpperCase();
      const rest = blank < 0 ? '' : argument.slice(blank + 1);
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
