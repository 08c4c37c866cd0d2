export const daemonNames: readonly string[];
export function installDaemons(options?: {
  log?: (line: string) => void;
}): Promise<{ installed: Record<string, string>; missing: Record<string, string> }>;
export function libraryEnvironment(folder: string): Record<string, string>;
export function pythonOf(folder: string): string;
export function expand(folder: string, pattern: string): string[];
