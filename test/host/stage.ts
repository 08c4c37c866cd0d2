import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WayPlan } from './plan';

/** A server's planted folder, as VS Code sees it and as it is on disk. */
export interface Stage {
  readonly server: string;
  uri(name: string): vscode.Uri;
  disk(name: string): string;
}

/** One concern's cases by title. */
export type Cases = Readonly<Record<string, (stage: Stage) => Promise<void>>>;

export function stageOf(server: string, { user, host, port, home, root }: WayPlan): Stage {
  const top = vscode.Uri.from({ scheme: 'ftp', authority: `${user}@${host}:${port}`, path: home });
  return {
    server,
    uri: (name) => vscode.Uri.joinPath(top, name),
    disk: (name) => path.join(root, name),
  };
}

export const { fs } = vscode.workspace;

/** Code of the `FileSystemError` that this rejects with. */
export async function codeOf(work: Thenable<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => assert.fail('It succeeded.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof vscode.FileSystemError, String(error));
  return error.code;
}

export function assertOnDisk(file: string, expected: Uint8Array | string): void {
  assert.ok(existsSync(file), `${file} is not there`);
  assertBytes(readFileSync(file), expected);
}

/** Without a difference printed: of a megabyte it would be of no use. */
export function assertBytes(actual: Uint8Array, expected: Uint8Array | string): void {
  const wanted = Buffer.from(expected);
  assert.ok(wanted.equals(actual), `${actual.length} bytes, expected ${wanted.length}, or others`);
}
