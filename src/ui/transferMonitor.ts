import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { MutableDisposable } from '../base/disposable';
import type { WireEvent } from '../ftp/index';
import type { MonitorRow } from './monitorRows';
import { MonitorState, type MonitorSurroundings } from './monitorState';
import { monitorTooltip, tooltipCommands, type ServerFacts } from './monitorTooltip';

export interface TransferMonitorOptions {
  readonly clock: Clock;
  readonly surroundings: MonitorSurroundings;
  readonly factsOf: (server: string) => ServerFacts | undefined;
}

/** The one status bar item. Renders at most twice a second, and not at all while nothing happens. */
export class TransferMonitor implements Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly state: MonitorState;
  private readonly timer = new MutableDisposable<Disposable>();
  private due = Infinity;
  private rendered = -Infinity;
  private tooltip = '';

  constructor(private readonly options: TransferMonitorOptions) {
    this.state = new MonitorState(options.surroundings);
    this.item = vscode.window.createStatusBarItem('portside.monitor', vscode.StatusBarAlignment.Left, 5);
    this.item.name = vscode.l10n.t('FTP Transfer Monitor');
    this.refresh();
  }

  take(event: WireEvent): void {
    this.state.take(event);
    this.refresh();
  }

  /** Something that the row depends on has changed, or may have. */
  refresh(): void {
    this.renderIn(0);
  }

  dispose(): void {
    this.timer.dispose();
    this.item.dispose();
  }

  private renderIn(milliseconds: number): void {
    const { clock } = this.options;
    const due = Math.max(clock.now() + milliseconds, this.rendered + renderInterval);
    if (due >= this.due) return;
    this.due = due;
    this.timer.value = clock.setTimer(due - clock.now(), () => this.render(), 'transfer monitor');
  }

  private render(): void {
    const now = this.options.clock.now();
    this.due = Infinity;
    this.rendered = now;
    const row = this.state.row(now);
    if (row) this.show(row);
    else this.item.hide();
    const quiet = this.state.quietFor(now);
    if (quiet !== undefined) this.renderIn(quiet);
  }

  private show(row: MonitorRow): void {
    this.item.text = `$(${row.icon}) ${row.text}`;
    this.item.accessibilityInformation = { label: row.text };
    this.item.backgroundColor = row.background
      ? new vscode.ThemeColor(`statusBarItem.${row.background}Background`)
      : undefined;
    this.item.command = commandOf(row);
    this.showTooltip();
    this.item.show();
  }

  private showTooltip(): void {
    const text = monitorTooltip(this.state.servers, this.options.factsOf, this.rendered);
    // A new tooltip closes the one that is being read.
    if (text === this.tooltip) return;
    this.tooltip = text;
    const markdown = new vscode.MarkdownString(text, true);
    markdown.isTrusted = { enabledCommands: [...tooltipCommands] };
    this.item.tooltip = text === '' ? undefined : markdown;
  }
}

/** Milliseconds. */
const renderInterval = 500;

function commandOf({ signIn, click, text }: MonitorRow): vscode.Command {
  if (signIn !== undefined) {
    return { title: text, command: 'portside.connect', arguments: [`ftp://${signIn}/`, { open: 'none' }] };
  }
  return { title: text, command: click === 'log' ? 'portside.showProtocolLog' : 'portside.showTransfers' };
}
