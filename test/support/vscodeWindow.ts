// The part of the `vscode` stub that people see: what was shown is kept, what is asked is answered from a list.

export enum StatusBarAlignment {
  Left = 1,
  Right = 2,
}

export enum InputBoxValidationSeverity {
  Info = 1,
  Warning = 2,
  Error = 3,
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class ThemeIcon {
  constructor(readonly id: string) {}
}

export class MarkdownString {
  isTrusted: unknown;

  constructor(
    readonly value = '',
    readonly supportThemeIcons = false,
  ) {}
}

export class StatusBarItem {
  text = '';
  name = '';
  tooltip: MarkdownString | undefined;
  backgroundColor: ThemeColor | undefined;
  command: unknown;
  accessibilityInformation: unknown;
  visible = false;

  constructor(readonly id: string) {}

  show(): void {
    this.visible = true;
  }

  hide(): void {
    this.visible = false;
  }

  dispose(): void {
    this.visible = false;
  }
}

export interface ShownMessage {
  readonly text: string;
  readonly buttons: readonly string[];
}

/** What a test looks at and prepares; `reset` between tests. */
export const shown = {
  statusBarItems: [] as StatusBarItem[],
  messages: [] as ShownMessage[],
  /** The buttons that a person presses, in order; undefined closes the message. */
  presses: [] as (string | undefined)[],
  /** What a person types into input boxes and chooses in quick picks. */
  inputs: [] as unknown[],
  commands: [] as unknown[][],
  reset(): void {
    for (const list of [this.statusBarItems, this.messages, this.presses, this.inputs, this.commands]) {
      list.length = 0;
    }
  },
};

export const window = {
  createStatusBarItem(id: string): StatusBarItem {
    const item = new StatusBarItem(id);
    shown.statusBarItems.push(item);
    return item;
  },
  showErrorMessage(text: string, ...buttons: string[]): Promise<string | undefined> {
    shown.messages.push({ text, buttons });
    return Promise.resolve(shown.presses.shift());
  },
  showWarningMessage(text: string, ...buttons: string[]): Promise<string | undefined> {
    return window.showErrorMessage(text, ...buttons);
  },
  showInformationMessage(text: string, ...buttons: string[]): Promise<string | undefined> {
    return window.showErrorMessage(text, ...buttons);
  },
  showInputBox(): Promise<unknown> {
    return Promise.resolve(shown.inputs.shift());
  },
  showQuickPick(): Promise<unknown> {
    return Promise.resolve(shown.inputs.shift());
  },
};

export const commands = {
  executeCommand(...call: unknown[]): Promise<unknown> {
    shown.commands.push(call);
    return Promise.resolve(undefined);
  },
};
