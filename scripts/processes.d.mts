import type { ChildProcess, SpawnOptions } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly output: string;
}
export function launch(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
export function run(command: string, args: readonly string[], options?: SpawnOptions): Promise<Outcome>;
export function npm(args: readonly string[], options?: SpawnOptions): Promise<Outcome>;
export function collectOutput(child: ChildProcess): () => string;
export function firstLine<T>(child: ChildProcess, find: (line: string) => T | undefined): Promise<T>;
export function ended(child: ChildProcess): Promise<number>;
export function stop(child: ChildProcess): Promise<void>;
export function stopAll(): Promise<void>;
export function stopOnSignals(cleanUp?: () => void | Promise<void>): void;
