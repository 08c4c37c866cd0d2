import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { savedSites } from '../sites/settings';
import type { LogChannel } from './logChannel';

/** Says in the log which entries of `portside.sites` are ignored, now and whenever they change. */
export function reportSiteFaults(log: LogChannel, clock: Clock): Disposable {
  const report = (): void => {
    for (const fault of savedSites().faults) log.trouble(`sites-invalid: ${fault}`, clock.wallTime());
  };
  report();
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('portside.sites')) report();
  });
}
