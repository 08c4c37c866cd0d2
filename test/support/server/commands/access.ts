import type { Session } from '../session';
import { free, type HandlerTable } from './handler';

/** RFC 959 §4.1.1. */
export const accessCommands: HandlerTable = {
  USER: free((session, argument) => {
    session.resetAccess();
    session.user = argument;
    session.login = 'password';
    session.reply('USER', 'needPassword');
  }),
  PASS: free((session, argument) => {
    if (session.login !== 'password') return session.reply('PASS', 'userFirst');
    if (!passwordFits(session, argument)) return refuseLogin(session, 'PASS');
    if (session.settings.users.get(session.user)?.account === undefined) return admit(session, 'PASS');
    session.login = 'account';
    session.reply('PASS', 'needAccount');
  }),
  ACCT: free((session, argument) => {
    if (session.login === 'done') return session.reply('ACCT', 'accountIdle');
    if (session.login !== 'account') return session.reply('ACCT', 'userFirst');
    if (session.settings.users.get(session.user)?.account !== argument) return refuseLogin(session, 'ACCT');
    admit(session, 'ACCT');
  }),
  REIN: free((session) => {
    session.resetAccess();
    session.reply('REIN', 'reinitialized');
  }),
  QUIT: free((session) => {
    session.reply('QUIT', 'goodbye');
    session.closing = true;
  }),
};

function passwordFits(session: Session, password: string): boolean {
  const { settings, user } = session;
  if (settings.refuseLogins > 0) {
    settings.refuseLogins--;
    return false;
  }
  if (settings.anonymous && (user === 'anonymous' || user === 'ftp')) return true;
  return settings.users.get(user)?.password === password;
}

function refuseLogin(session: Session, command: string): void {
  session.login = 'none';
  session.reply(command, 'loginRefused');
}

function admit(session: Session, command: string): void {
  session.login = 'done';
  session.reply(command, 'loggedIn');
}
