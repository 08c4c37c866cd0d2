import * as vscode from 'vscode';
import { allowPair, isAllowedPair, pairOf } from '../sites/allowedPairs';
import { cleanServerText } from '../sites/serverText';
import { serverToServerRoute } from '../sites/settings';
import { authorityOf, parseAuthority } from '../sites/siteUri';

export type Route = ReturnType<typeof serverToServerRoute>;

export interface ServerToServerOptions {
  /** How people call the server. */
  readonly serverName: (authority: string) => string;
  /** The IP address that its control connection leads to; undefined while there is none. */
  readonly addressOf: (authority: string) => string | undefined;
  /** Whether its data connections are encrypted. */
  readonly encryptsData: (authority: string) => boolean;
}

type Answer = 'direct' | 'relay';

/** Whether two servers may exchange files: a person is asked once for each pair of them. */
export class ServerToServer {
  /** Answers that hold until the window closes. */
  private readonly answers = new Map<string, Answer>();
  private readonly questions = new Map<string, Promise<Answer | undefined>>();

  constructor(private readonly options: ServerToServerOptions) {}

  /**
   * The route for files from one server to another, given by their authorities. Only a gesture of a person raises
   * the question; whatever else copies goes through this computer until there is an answer. Undefined: the person
   * gave up.
   */
  async route(from: string, to: string, isGesture: boolean): Promise<Route | undefined> {
    const wanted = serverToServerRoute();
    if (wanted === 'relay') return 'relay';
    // Two spellings of one server: it need not be told to connect to itself.
    if (canonical(from) === canonical(to)) return 'auto';
    const pair = pairOf(from, to);
    const known = isAllowedPair(pair) ? 'direct' : this.answers.get(pair);
    const answer = known ?? (isGesture ? await this.ask(pair, from, to, wanted) : 'relay');
    return answer === 'direct' ? wanted : answer;
  }

  /** Whoever comes while the question is open waits for the same answer. */
  private ask(pair: string, from: string, to: string, wanted: Route): Promise<Answer | undefined> {
    const open = this.questions.get(pair);
    if (open) return open;
    const question = this.question(pair, from, to, wanted).finally(() => this.questions.delete(pair));
    this.questions.set(pair, question);
    return question;
  }

  private async question(pair: string, from: string, to: string, wanted: Route): Promise<Answer | undefined> {
    const direct = vscode.l10n.t('Copy Directly');
    const relay = vscode.l10n.t('Copy Through This Computer');
    const names = { source: this.nameOf(from), target: this.nameOf(to) };
    const title = vscode.l10n.t('Copy directly from {source} to {target}?', names);
    const options = { modal: true, detail: this.detail(from, to, wanted) };
    const pressed = await vscode.window.showInformationMessage(title, options, direct, relay);
    if (pressed === relay) this.answers.set(pair, 'relay');
    if (pressed === direct) await this.keep(pair);
    return pressed === direct ? 'direct' : this.answers.get(pair);
  }

  private async keep(pair: string): Promise<void> {
    try {
      await allowPair(pair);
    } catch {
      // Settings that cannot be written: the answer holds for this window.
      this.answers.set(pair, 'direct');
    }
  }

  private detail(from: string, to: string, wanted: Route): string {
    const { l10n } = vscode;
    const told = {
      source: this.nameOf(from),
      target: this.nameOf(to),
      sourceAddress: this.options.addressOf(from) ?? '?',
      targetAddress: this.options.addressOf(to) ?? '?',
    };
    const sentences = [
      l10n.t('The two servers can send the files to each other without passing through this computer.'),
      l10n.t(
        'Portside then tells one of them to connect to the other: {source} is {sourceAddress}, {target} is {targetAddress}.',
        told,
      ),
      ...(wanted === 'direct'
        ? []
        : [l10n.t('If one of them refuses, the files pass through this computer.')]),
    ];
    const isEncrypted = [from, to].every((authority) => this.options.encryptsData(authority));
    const promise = isEncrypted
      ? l10n.t('The data between them will be encrypted.')
      : l10n.t('The data between them will not be encrypted.');
    return `${sentences.join(' ')}\n\n${promise}`;
  }

  private nameOf(authority: string): string {
    return cleanServerText(this.options.serverName(authority));
  }
}

function canonical(authority: string): string {
  const address = parseAuthority(authority);
  return address ? authorityOf(address) : authority;
}
