export interface PemFilesOptions {
  /** The text of a file, by its absolute path. */
  readonly read: (path: string) => PromiseLike<string>;
  /** The home folder, for paths that begin with `~/`. */
  readonly home: string;
  /** A file that could not be read; told once for each reason. */
  readonly unreadable: (path: string, cause: string) => void;
}

/** The files that settings name for TLS. Read at each connection: certificates are renewed in place. */
export class PemFiles {
  private readonly told = new Set<string>();

  constructor(private readonly options: PemFilesOptions) {}

  /** Those that can be read. */
  async readAll(paths: readonly string[]): Promise<string[]> {
    const texts = await Promise.all(paths.map((path) => this.read(path)));
    return texts.filter((text) => text !== undefined);
  }

  /** Undefined when it cannot be read, which is told. */
  async read(path: string): Promise<string | undefined> {
    try {
      const text = await this.options.read(this.absolute(path));
      if (text.includes('-----BEGIN ')) return text;
      this.tell(path, 'not PEM');
    } catch (error) {
      this.tell(path, error instanceof Error ? error.message : String(error));
    }
    return undefined;
  }

  private absolute(path: string): string {
    return /^~[/\\]/.test(path) ? this.options.home + path.slice(1) : path;
  }

  private tell(path: string, cause: string): void {
    const key = `${path}\n${cause}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.options.unreadable(path, cause);
  }
}
