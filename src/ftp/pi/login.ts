import type { Command } from '../protocol/command';
import { FtpError } from '../protocol/errors';
import { parseFeatures } from '../protocol/features';
import { parsePwdReply } from '../protocol/pathname';
import { replyText, severityOf, type Reply } from '../protocol/reply';
import { programFrom } from '../protocol/serverProgram';
import type { ControlConnection } from './controlConnection';
import { loginError } from './loginErrors';
import {
  beginProtection,
  clearCommands,
  expectProtection,
  protectionCommands,
  type Protection,
} from './protection';
import type { ServerProfile } from './serverProfile';

export interface Identity {
  readonly user: string;
  readonly password: string;
  /** For servers that ask for one with 332 (RFC 959 §4.1.1 ACCT). */
  readonly account?: string;
}

/** What is known of the server now, and its reply to the command that was sent ahead. */
export interface Welcome {
  readonly profile: ServerProfile;
  readonly ahead?: Reply | undefined;
}

/**
 * From the greeting to a session that can transfer images: AUTH, USER, PASS, ACCT one by one, the rest in one batch; with
 * a profile that is `known` and of this server, in one segment with PASS, and behind it the command `ahead` of what comes
 * next. Absent: nothing is sent before the command before it is answered. Resolves with that profile, else with what the
 * server has just told.
 */
export async function login(
  control: ControlConnection,
  identity: Identity,
  known: ServerProfile | undefined,
  protection: Protection,
  ahead: readonly Command[] | undefined,
  operation: number,
): Promise<Welcome> {
  const greeting = await awaitGreeting(control, operation);
  const isSecured = await beginProtection(control, greeting, protection, operation);
  const settings = settingsOf(control, isSecured ? protection : undefined);
  const remembered = known?.greeting === replyText(greeting) ? known : undefined;
  const goesTogether = ahead !== undefined && known?.learned.fenced !== true;
  const behind = remembered && goesTogether ? [...settings.commands(), ...ahead] : [];
  const answers = await signIn(control, identity, behind, operation);
  const send = goesTogether ? together : oneByOne;
  const ask = async (questions: readonly Command[]): Promise<readonly Reply[]> =>
    settings.expect(await send(control, settings.commands(questions), operation));
  if (answers) settings.expect(answers);
  else if (remembered) await ask([]);
  const profile = remembered ?? (await introduce(control, replyText(greeting), ask));
  const program = programFrom(greeting);
  if (program) profile.program = program;
  if (isSecured && protection.clearCommands) await clearCommands(control, protection, operation);
  // Once in TLS, always in TLS, also when the greeting is another one now.
  if (isSecured || known?.secured) profile.secured = true;
  return { profile, ahead: ahead?.length ? answers?.at(-1) : undefined };
}

function together(
  control: ControlConnection,
  commands: readonly Command[],
  operation: number,
): Promise<readonly Reply[]> {
  return control.batch(commands, operation);
}

async function oneByOne(
  control: ControlConnection,
  commands: readonly Command[],
  operation: number,
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  for (const command of commands) replies.push(await control.exchange(command, operation));
  return replies;
}

interface Settings {
  /** With questions among them. */
  commands(questions?: readonly Command[]): readonly Command[];
  /** Throws where the replies refuse what a session cannot do without; answers those to the questions. */
  expect(replies: readonly Reply[]): readonly Reply[];
}

// PBSZ 0, PROT P, TYPE I, FEAT, SYST, PWD, OPTS UTF8 ON
/** What every session begins with. */
function settingsOf(control: ControlConnection, protection: Protection | undefined): Settings {
  const protecting = protection ? protectionCommands(protection) : [];
  return {
    commands: (questions = []) => [...protecting, typeImage, ...questions, ...utf8Option(control)],
    expect: (replies) => {
      if (protection) expectProtection(replies[protecting.length - 1], protection);
      expectImage(replies[protecting.length]);
      return replies.slice(protecting.length + 1);
    },
  };
}

async function awaitGreeting(control: ControlConnection, operation: number): Promise<Reply> {
  const reply = await control.greeting(operation).final.catch((error: unknown) => {
    throw greetingError(error);
  });
  if (severityOf(reply) !== 'completed') throw loginError(reply);
  return reply;
}

function greetingError(error: unknown): Error {
  if (!(error instanceof FtpError)) return error instanceof Error ? error : new Error(String(error));
  if (error.code === 'service-closing' && error.reply) return loginError(error.reply);
  if (error.code === 'reply-timed-out') return notFtp({ speaks: 'silence' }, error);
  if (error.code === 'protocol-violation') return notFtp({ speaks: 'other', ...error.facts }, error);
  return error;
}

function notFtp(facts: FtpError['facts'], cause: FtpError): FtpError {
  return new FtpError('not-ftp', 'The server does not speak FTP.', { facts, cause });
}

// USER web                             331 User web OK. Password required
// PASS ******, TYPE I, OPTS UTF8 ON    230 OK. Current directory is /, 200, 200
/** Sends `behind` with PASS, and resolves with the replies to it; undefined when it has to be sent yet. */
async function signIn(
  control: ControlConnection,
  identity: Identity,
  behind: readonly Command[],
  operation: number,
): Promise<readonly Reply[] | undefined> {
  const { user, password, account } = identity;
  let reply = await ask(control, { verb: 'USER', argument: user }, operation);
  let answers: Promise<readonly Reply[]> | undefined;
  if (reply.code === 331) {
    const pass = { verb: 'PASS', argument: password, secret: true };
    const replies = control.send([pass, ...behind], operation).map(({ final }) => final);
    answers = behind.length > 0 ? Promise.all(replies.splice(1)) : undefined;
    // A refusal of PASS is one of all behind it, and the server may hang up in the middle.
    answers?.catch(() => undefined);
    [reply = reply] = await orReason(Promise.all(replies));
  }
  if (reply.code === 332 && account !== undefined) {
    answers = undefined;
    reply = await ask(control, { verb: 'ACCT', argument: account, secret: true }, operation);
  }
  if (severityOf(reply) !== 'completed') throw loginError(reply);
  return answers;
}

async function ask(control: ControlConnection, command: Command, operation: number): Promise<Reply> {
  return orReason(control.exchange(command, operation));
}

async function orReason<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    // 421 instead of an answer: the server says why it will not have us.
    if (FtpError.is(error, 'service-closing') && error.reply) throw loginError(error.reply);
    throw error;
  });
}

/** Asks an unknown server what it is and can do. */
async function introduce(
  control: ControlConnection,
  greeting: string,
  ask: (questions: readonly Command[]) => Promise<readonly Reply[]>,
): Promise<ServerProfile> {
  const [features, system, directory] = await ask([{ verb: 'FEAT' }, { verb: 'SYST' }, { verb: 'PWD' }]);
  return {
    greeting,
    system: system && severityOf(system) === 'completed' ? replyText(system) : '',
    features: features && severityOf(features) === 'completed' ? parseFeatures(features) : [],
    home: homeFrom(control, directory),
    learned: { rendezvous: {}, fenced: false, unsupported: [] },
  };
}

// 257 "/www" is the current directory
function homeFrom(control: ControlConnection, directory: Reply | undefined): string {
  if (directory?.code !== 257) return '/';
  try {
    return parsePwdReply(directory, (bytes) => control.encoding.decode(bytes));
  } catch {
    // A path that makes no sense is no reason not to go on: every path that we send is absolute.
    return '/';
  }
}

const typeImage: Command = { verb: 'TYPE', argument: 'I' };

/** ProFTPD and others want to be told; who does not know it answers 500 or 501, which is as good. */
function utf8Option(control: ControlConnection): Command[] {
  const isUnicode = control.encoding.label === 'auto' || control.encoding.label === 'utf-8';
  return isUnicode ? [{ verb: 'OPTS', argument: 'UTF8 ON' }] : [];
}

/** Without TYPE I a server may translate line ends: no size would agree, and bytes would be lost. */
function expectImage(reply: Reply | undefined): void {
  if (reply && severityOf(reply) === 'completed') return;
  throw new FtpError('not-supported', 'The server refuses TYPE I.', { reply, facts: { command: 'TYPE' } });
}
