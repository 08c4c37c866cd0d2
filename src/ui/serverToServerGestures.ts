import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';

/**
 * Which copies and moves are a person's own gesture: VS Code announces those of the Explorer before it comes to the
 * file system, and never those that extensions make through `workspace.fs`.
 */
export class ServerToServerGestures implements Disposable {
  private readonly targets = new Set<string>();
  private readonly store = new DisposableStore();

  constructor() {
    const { onWillCreateFiles, onDidCreateFiles, onWillRenameFiles, onDidRenameFiles } = vscode.workspace;
    this.store.add(onWillCreateFiles(({ files }) => this.begin(files)));
    this.store.add(onDidCreateFiles(({ files }) => this.end(files)));
    this.store.add(onWillRenameFiles(({ files }) => this.begin(files.map(({ newUri }) => newUri))));
    this.store.add(onDidRenameFiles(({ files }) => this.end(files.map(({ newUri }) => newUri))));
  }

  /** Whether a person put something there; true once for each time. */
  take(target: vscode.Uri): boolean {
    return this.targets.delete(target.toString());
  }

  dispose(): void {
    this.store.dispose();
  }

  private begin(targets: readonly vscode.Uri[]): void {
    for (const uri of targets) if (uri.scheme === 'ftp') this.targets.add(uri.toString());
  }

  /** New files and folders never come to a copy that would take them. */
  private end(targets: readonly vscode.Uri[]): void {
    for (const uri of targets) this.targets.delete(uri.toString());
  }
}
