import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/event';
import type { WireEvent } from '../ftp/index';
import { logLine } from './logLine';
import { LogText, timeOfDay, type LogLevel } from './logText';

/** The output channel `Portside`: every command and reply as it went over the wire. */
export class LogChannel implements Disposable {
  private readonly channel = vscode.window.createOutputChannel('Portside', 'portside-log');
  private readonly text = new LogText();
  private readonly subscription: Disposable;

  constructor(onDidTrace: Event<WireEvent>, level: () => LogLevel) {
    this.subscription = onDidTrace((event) => {
      for (const line of this.text.lines(event, level())) this.channel.appendLine(line);
    });
  }

  /** Something of Portside's own that belongs to no server. */
  trouble(text: string, wall: number): void {
    const columns = { gap: 0, server: 'portside', openServers: [], operation: undefined, mark: '!' };
    this.channel.appendLine(logLine({ ...columns, time: timeOfDay(wall), text }));
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.subscription.dispose();
    this.channel.dispose();
  }
}
