export interface WhatToOpen {
  /** A URI, `ftp://…` too. */
  readonly folder?: string | undefined;
  /** Folder of the extension under development. */
  readonly extensionPath?: string | undefined;
  readonly extensionTestsPath?: string | undefined;
}
export interface CodeServer {
  readonly origin: string;
  /** The page to open in a browser. */
  address(what: WhatToOpen): string;
  /** Exit code, when the server has ended. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}
export function startCodeServer(options: {
  userData: string;
  environment?: Record<string, string>;
  settings?: Readonly<Record<string, unknown>>;
  /** Progress for a person: the first start installs VS Code. */
  say?: (line: string) => void;
}): Promise<CodeServer>;
export function writeSettings(userData: string, settings: Readonly<Record<string, unknown>>): void;
export function installExtension(
  file: string,
  options: { userData: string; say?: (line: string) => void },
): Promise<void>;
