import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/event';
import type { Certificate, FtpError, FtpErrorCode } from '../ftp/index';
import { describeError } from '../sites/errorText';
import type { ServerStanding } from '../sites/serverConnection';
import type { WantedSecurity } from '../sites/trustMemory';

export interface ConnectionNoticesOptions {
  readonly onDidChange: Event<ServerStanding>;
  readonly retry: (authority: string) => Promise<unknown>;
  readonly showLog: () => void;
  /** From now on the server is spoken to in this way. */
  readonly choose: (authority: string, security: WantedSecurity) => Promise<void>;
  readonly compare: (certificate: Certificate) => Promise<void>;
  /** Asks once more; false: dismissed. */
  readonly replace: (certificate: Certificate) => Promise<boolean>;
}

/** Tells that a server cannot be reached: once per cause and server, until it has worked or a person acts. */
export class ConnectionNotices implements Disposable {
  private readonly told = new Set<string>();
  private readonly subscription: Disposable;

  constructor(private readonly options: ConnectionNoticesOptions) {
    this.subscription = options.onDidChange((standing) => this.follow(standing));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private follow(standing: ServerStanding): void {
    // 'idle' after a failure: a person acts, and the next failure is news again.
    if (standing.state === 'connected' || standing.state === 'idle') this.forget(standing.authority);
    const { error } = standing;
    if (!error || untold.has(error.code)) return;
    const key = `${standing.authority} ${error.code}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.tell(standing.authority, error, describeError(error, standing.name)).catch(() => undefined);
  }

  private forget(authority: string): void {
    for (const key of this.told) if (key.startsWith(`${authority} `)) this.told.delete(key);
  }

  /** Until a button was pressed that ends it. */
  private async tell(authority: string, error: FtpError, text: string): Promise<void> {
    const remedies = this.remediesFor(authority, error);
    const titles = remedies.map(({ title }) => title);
    for (let isOver = false; !isOver;) {
      const pressed = await vscode.window.showErrorMessage(text, ...titles);
      const remedy = remedies.find(({ title }) => title === pressed);
      isOver = remedy ? await remedy.apply() : true;
    }
  }

  private remediesFor(authority: string, error: FtpError): Remedy[] {
    const { certificate } = error.facts;
    if (error.code === 'tls-certificate-changed' && certificate) {
      return [this.comparing(certificate), this.replacing(authority, certificate)];
    }
    const again = {
      title: isRefusal(authority, error) ? vscode.l10n.t('Sign In') : vscode.l10n.t('Retry'),
      apply: () => this.retry(authority),
    };
    return [this.choosing(authority, error) ?? again, this.showingLog()];
  }

  /** The words stay: whoever has compared may still want to trust. */
  private comparing(certificate: Certificate): Remedy {
    const apply = async (): Promise<boolean> => {
      await this.options.compare(certificate);
      return false;
    };
    return { title: vscode.l10n.t('Compare Certificates'), apply };
  }

  private replacing(authority: string, certificate: Certificate): Remedy {
    const apply = async (): Promise<boolean> =>
      (await this.options.replace(certificate)) && (await this.retry(authority));
    return { title: vscode.l10n.t('Trust New Certificate…'), apply };
  }

  private choosing(authority: string, { code, facts }: FtpError): Remedy | undefined {
    const security =
      code === 'login-needs-tls' ? 'explicit' : facts.speaks === 'silence' ? 'implicit' : undefined;
    if (!security) return undefined;
    const title = security === 'explicit' ? vscode.l10n.t('Use TLS') : vscode.l10n.t('Use Implicit TLS');
    const apply = async (): Promise<boolean> => {
      await this.options.choose(authority, security);
      return this.retry(authority);
    };
    return { title, apply };
  }

  private showingLog(): Remedy {
    const apply = (): Promise<boolean> => {
      this.options.showLog();
      return Promise.resolve(true);
    };
    return { title: vscode.l10n.t('Show Log'), apply };
  }

  private async retry(authority: string): Promise<boolean> {
    // A person acts: the next failure is news again.
    this.forget(authority);
    await this.options.retry(authority);
    return true;
  }
}

interface Remedy {
  readonly title: string;
  /** False: the notification comes again. */
  readonly apply: () => Promise<boolean>;
}

/** Whoever has closed the question knows; the status bar keeps saying it, and asks when it is clicked. */
const untold: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'login-cancelled',
  'tls-certificate-untrusted',
]);

function isRefusal(authority: string, { code }: FtpError): boolean {
  return code === 'login-refused' && authority.includes('@');
}
