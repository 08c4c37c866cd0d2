import {
  FtpError,
  type ConnectOptions,
  type FtpErrorCode,
  type FtpSession,
  type WireEvent,
} from '../ftp/index';
import { addTrustFacts } from './certificateFacts';
import type { Credentials, Password } from './credentials';
import { PasswordWay, type Encryption } from './passwordWay';
import type { ProfileMemory } from './profileMemory';
import { ServerTls, type TlsFiles, type TlsServices } from './serverTls';
import type { ServerAddress } from './siteUri';

export type ServerState =
  /** Not in use, or closed again. */
  | 'idle'
  | 'connecting'
  /** A question is open. */
  | 'asking'
  /** A person must act: a question was dismissed or is put off, or the password was refused for good. */
  | 'waiting'
  | 'connected'
  | 'failed';

/** What a person is asked, or is to be asked. */
export type QuestionAbout = 'password' | 'certificate';

export interface ServerStanding {
  readonly authority: string;
  readonly name: string;
  readonly state: ServerState;
  /** For 'asking' and 'waiting'. */
  readonly about?: QuestionAbout;
  /** Why, for 'waiting' and 'failed'. */
  readonly error?: FtpError;
}

export interface PasswordQuestion {
  /** How people call the server. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Whether it will cross the network encrypted, as far as is known before connecting. */
  readonly encryption: Encryption;
  /** Whether the password is kept unless the person says otherwise. */
  readonly save: boolean;
  /** The refusal of the password before this one. */
  readonly refusal?: FtpError;
  /** Takes the question back. */
  readonly signal: AbortSignal;
}

/** Undefined: dismissed. */
export type AskPassword = (question: PasswordQuestion) => Promise<Password | undefined>;

export interface ServerSettings {
  readonly options: ConnectOptions;
  readonly files: TlsFiles;
}

export interface ServerConnectionOptions {
  readonly authority: string;
  readonly address: ServerAddress;
  readonly name: string;
  /** Settings as they are now. */
  readonly settings: () => ServerSettings;
  readonly connect: (options: ConnectOptions) => Promise<FtpSession>;
  readonly credentials: Credentials;
  readonly profiles: ProfileMemory;
  readonly tls: TlsServices;
  readonly askPassword: AskPassword;
  readonly trace: (event: WireEvent) => void;
  readonly changed: (standing: ServerStanding) => void;
  /** A control connection took the place of another. */
  readonly reconnected: () => void;
}

/** The one session of a server: made on first use, asked for again when it has ended. */
export class ServerConnection {
  private current: FtpSession | undefined;
  private opening: Promise<FtpSession> | undefined;
  private abort = new AbortController();
  private state: ServerState = 'idle';
  private error: FtpError | undefined;
  private hadSession = false;
  private asked: QuestionAbout = 'password';
  private readonly way = new PasswordWay();
  private readonly tls: ServerTls;

  constructor(private readonly server: ServerConnectionOptions) {
    this.tls = new ServerTls(server.address, server.tls, {
      asking: (about, ask) => this.asking(about, ask),
      mayAsk: () => this.opening !== undefined,
      postpone: (error) => void this.fail(error),
      signal: () => this.abort.signal,
    });
  }

  get standing(): ServerStanding {
    const { authority, name } = this.server;
    const { state, error } = this;
    const about = aboutOf(state, this.asked, error);
    return { authority, name, state, ...(about ? { about } : {}), ...(error ? { error } : {}) };
  }

  /** None while a person must act: it could not connect again by itself. */
  get openSession(): FtpSession | undefined {
    return this.current?.state === 'closed' || this.state === 'waiting' ? undefined : this.current;
  }

  /** All that ask while a connection is made wait for the same one, and for the same question. */
  async session(): Promise<FtpSession> {
    const open = this.openSession;
    if (open) return open;
    // Without a person, a dismissed question stays dismissed and a refused password is not tried again:
    // three tries more at every refresh would lock the account.
    if (this.state === 'waiting' && this.error) throw this.error;
    this.opening ??= this.open().finally(() => (this.opening = undefined));
    return this.opening;
  }

  allowQuestions(): void {
    if (this.state !== 'waiting') return;
    const stale = this.current;
    this.current = undefined;
    stale?.close().catch(() => undefined);
    this.enter('idle');
  }

  /** Takes back an attempt or an open question, or says QUIT. */
  async disconnect(): Promise<void> {
    const attempt = this.opening;
    if (attempt) this.abort.abort();
    const session = this.current;
    this.current = undefined;
    // What the attempt rejects with is told to those who wait for it.
    await attempt?.catch(() => undefined);
    if (session) await this.remember(session);
    await session?.close();
    this.enter('idle');
  }

  private async open(): Promise<FtpSession> {
    this.abort = new AbortController();
    this.current = undefined;
    this.enter('connecting');
    try {
      const session = await this.signIn();
      this.current = session;
      this.enter('connected');
      if (this.hadSession) this.server.reconnected();
      this.hadSession = true;
      return session;
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** Tries passwords until one works, a person gives up, or the third was refused. */
  private async signIn(): Promise<FtpSession> {
    const { credentials, address } = this.server;
    if (address.user === undefined) return this.connect(undefined);
    let password = (await credentials.find(address)) ?? (await this.ask(undefined));
    for (let refusals = 1; ; refusals++) {
      try {
        const session = await this.connect(password.text);
        await credentials.worked(address, password);
        return session;
      } catch (error) {
        if (!FtpError.is(error, 'login-refused')) {
          credentials.hold(address, password);
          throw error;
        }
        credentials.refused(address);
        if (refusals === mostRefusals) throw error;
        password = await this.ask(error);
      }
    }
  }

  private async ask(refusal: FtpError | undefined): Promise<Password> {
    const { address, name, credentials } = this.server;
    const { host, port, user = '' } = address;
    const { signal } = this.abort;
    const encryption = this.way.encryption(this.server.settings().options);
    const question = { name, host, port, user, encryption, save: credentials.savesByDefault, signal };
    const ask = (): Promise<Password | undefined> =>
      this.server.askPassword({ ...question, ...(refusal ? { refusal } : {}) });
    const answer = await this.asking('password', ask);
    if (signal.aborted) throw new FtpError('aborted', 'Disconnected while the password was asked for');
    if (!answer) throw new FtpError('login-cancelled', `You are not signed in to ${name}.`);
    return answer;
  }

  private async asking<T>(about: QuestionAbout, ask: () => Promise<T>): Promise<T> {
    this.asked = about;
    this.enter('asking');
    const answer = await ask();
    if (answer !== undefined && !this.abort.signal.aborted) this.enter('connecting');
    return answer;
  }

  private async connect(password: string | undefined): Promise<FtpSession> {
    const { address, name, profiles, settings } = this.server;
    const { options, files } = settings();
    const profile = profiles.recall(address);
    const session = await this.server.connect({
      ...options,
      tls: await this.tls.complete(options.tls, files),
      name,
      ...(password === undefined ? {} : { password }),
      ...(profile ? { profile } : {}),
      trace: (event) => this.trace(event),
      signal: this.abort.signal,
    });
    if (this.abort.signal.aborted) {
      await session.close();
      throw new FtpError('aborted', 'Disconnected while connecting');
    }
    // Both: CCC may have ended the encryption of commands already.
    const isSecured = session.security !== undefined || session.profile.secured === true;
    if (isSecured) await this.server.tls.judge.memory.sawTls(address);
    return session;
  }

  private trace(event: WireEvent): void {
    this.server.trace(event);
    this.way.take(event);
    const session = this.current;
    if (!session) return;
    if (event.kind === 'state' && event.state === 'connected') this.server.reconnected();
    if (event.kind !== 'operation' || event.phase !== 'end') return;
    // A profile that could not be kept costs a few round trips next time, nothing else.
    this.remember(session).catch(() => undefined);
  }

  private async remember(session: FtpSession): Promise<void> {
    await this.server.profiles.remember(this.server.address, session.profile);
  }

  private fail(error: unknown): Error {
    const told = error instanceof Error ? error : new Error(String(error));
    const { address, tls } = this.server;
    this.error = FtpError.is(told) ? addTrustFacts(told, address, tls.judge.memory) : undefined;
    this.enter(this.error ? stateAfter(this.error) : 'idle');
    return this.error ?? told;
  }

  private enter(state: ServerState): void {
    if (state !== 'waiting' && state !== 'failed') this.error = undefined;
    this.state = state;
    this.server.changed(this.standing);
  }
}

/** UX: three refusals end it, as they would with `login`(1). */
const mostRefusals = 3;

function stateAfter(error: FtpError): ServerState {
  if (error.code === 'aborted') return 'idle';
  return needsPerson.has(error.code) ? 'waiting' : 'failed';
}

const needsPerson: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'login-cancelled',
  'login-refused',
  'tls-certificate-untrusted',
  'tls-certificate-changed',
]);

function aboutOf(state: ServerState, asked: QuestionAbout, error?: FtpError): QuestionAbout | undefined {
  if (state === 'asking') return asked;
  if (state !== 'waiting') return undefined;
  return error?.code.startsWith('tls-') ? 'certificate' : 'password';
}
