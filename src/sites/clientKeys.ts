import type { SecretStore } from './credentials';

export interface PassphraseQuestion {
  /** The file of the key. */
  readonly path: string;
  /** The one before did not open it. */
  readonly isAgain: boolean;
  readonly signal: AbortSignal;
}

/** Undefined: dismissed. */
export type AskPassphrase = (question: PassphraseQuestion) => Promise<string | undefined>;

export interface ClientKeysOptions {
  readonly secrets: SecretStore;
  /** `portside.passwords`. With 'ask' the secret storage is neither read nor written. */
  readonly policy: () => 'secretStorage' | 'ask';
  readonly ask: AskPassphrase;
  /** Whether a passphrase opens a key in PEM. */
  readonly opens: (key: string, passphrase: string) => boolean;
}

/** Passphrases of client keys: remembered for this window, or kept in the secret storage. */
export class ClientKeys {
  private readonly window = new Map<string, string>();

  constructor(private readonly options: ClientKeysOptions) {}

  isLocked(key: string): boolean {
    // PKCS #8, and the older form with a header of its own.
    return key.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || key.includes('Proc-Type: 4,ENCRYPTED');
  }

  /** What is known to open the key. */
  async find(path: string, key: string): Promise<string | undefined> {
    const known = this.window.get(path) ?? (await this.stored(path));
    return known !== undefined && this.options.opens(key, known) ? known : undefined;
  }

  /** Asks until one opens the key. Undefined: dismissed. */
  async ask(path: string, key: string, signal: AbortSignal): Promise<string | undefined> {
    for (let isAgain = false; ; isAgain = true) {
      const passphrase = await this.options.ask({ path, isAgain, signal });
      if (passphrase === undefined || signal.aborted) return undefined;
      if (!this.options.opens(key, passphrase)) continue;
      await this.keep(path, passphrase);
      return passphrase;
    }
  }

  private async stored(path: string): Promise<string | undefined> {
    if (this.options.policy() === 'ask') return undefined;
    try {
      return await this.options.secrets.get(secretKey(path));
    } catch {
      // No keyring: whoever stored the password was told so.
      return undefined;
    }
  }

  private async keep(path: string, passphrase: string): Promise<void> {
    this.window.set(path, passphrase);
    if (this.options.policy() === 'ask') return;
    // Without a keyring it is asked for again in the next window.
    await Promise.resolve(this.options.secrets.store(secretKey(path), passphrase)).catch(() => undefined);
  }
}

function secretKey(path: string): string {
  return `portside.passphrase:${path}`;
}
