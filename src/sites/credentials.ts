import { addressKey, type ServerAddress } from './siteUri';

/** What is used of VS Code's SecretStorage. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export interface Password {
  readonly text: string;
  /** Keep it in the secret storage once it has worked; otherwise until the window closes. */
  readonly save: boolean;
}

export interface CredentialsOptions {
  readonly secrets: SecretStore;
  /** `portside.passwords`. With 'ask' the secret storage is neither read nor written. */
  readonly policy: () => 'secretStorage' | 'ask';
  /** The secret storage refused; told once in a window. */
  readonly onKeyringMissing: () => void;
}

/** Passwords: offered by an URL, remembered for this window, or kept in the secret storage. */
export class Credentials {
  private readonly window = new Map<string, Password>();
  private keyringMissing = false;

  constructor(private readonly options: CredentialsOptions) {}

  get savesByDefault(): boolean {
    return this.options.policy() === 'secretStorage';
  }

  async find(address: ServerAddress): Promise<Password | undefined> {
    const offered = this.window.get(addressKey(address));
    if (offered || !this.savesByDefault) return offered;
    const text = await this.readSecret(address);
    return text === undefined ? undefined : { text, save: true };
  }

  /** A password that came with an URL: tried before anybody is asked, stored only when it has worked. */
  offer(address: ServerAddress, text: string): void {
    this.window.set(addressKey(address), { text, save: this.savesByDefault });
  }

  /** Typed, but not tried to the end: it is not asked for again in this window. */
  hold(address: ServerAddress, password: Password): void {
    this.window.set(addressKey(address), password);
  }

  async worked(address: ServerAddress, password: Password): Promise<void> {
    this.window.set(addressKey(address), { ...password, save: false });
    if (!password.save) return;
    try {
      await this.options.secrets.store(secretKey(address), password.text);
      this.window.delete(addressKey(address));
    } catch {
      this.reportKeyring();
    }
  }

  /** The server refused it: what was offered is forgotten, what is stored waits for a better one. */
  refused(address: ServerAddress): void {
    this.window.delete(addressKey(address));
  }

  async forget(address: ServerAddress): Promise<void> {
    this.window.delete(addressKey(address));
    await this.options.secrets.delete(secretKey(address));
  }

  private async readSecret(address: ServerAddress): Promise<string | undefined> {
    try {
      return await this.options.secrets.get(secretKey(address));
    } catch {
      this.reportKeyring();
      return undefined;
    }
  }

  private reportKeyring(): void {
    if (this.keyringMissing) return;
    this.keyringMissing = true;
    this.options.onKeyringMissing();
  }
}

function secretKey(address: ServerAddress): string {
  return `portside.password:${addressKey(address)}`;
}
