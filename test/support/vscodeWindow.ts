import { Emitter } from '../../src/base/event';

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

/** An input box in which a test types: `accept`, `press` and `hide` are what a person does. */
export class InputBox {
  title = '';
  placeholder = '';
  prompt = '';
  value = '';
  password = false;
  ignoreFocusOut = false;
  validationMessage: unknown;
  buttons: unknown[] = [];
  visible = false;
  private readonly accepted = new Emitter<void>();
  private readonly hidden = new Emitter<void>();
  private readonly pressed = new Emitter<unknown>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidHide = this.hidden.event;
  readonly onDidTriggerButton = this.pressed.event;

  show(): void {
    this.visible = true;
  }

  accept(value: string): void {
    this.value = value;
    this.accepted.fire();
  }

  press(button: number): void {
    this.pressed.fire(this.buttons[button]);
  }

  hide(): void {
    this.visible = false;
    this.hidden.fire();
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
  inputBoxes: [] as InputBox[],
  messages: [] as ShownMessage[],
  /** The buttons that a person presses, in order; undefined closes the message. */
  presses: [] as (string | undefined)[],
  /** What a person types into input boxes and chooses in quick picks. */
  inputs: [] as unknown[],
  commands: [] as unknown[][],
  reset(): void {
    const { statusBarItems, inputBoxes, messages, presses, inputs, commands } = this;
    for (const list of [statusBarItems, inputBoxes, messages, presses, inputs, commands]) list.length = 0;
    workspace.workspaceFolders = undefined;
  },
};

export const window = {
  createStatusBarItem(id: string): StatusBarItem {
    const item = new StatusBarItem(id);
    shown.statusBarItems.push(item);
    return item;
  },
  createInputBox(): InputBox {
    const box = new InputBox();
    shown.inputBoxes.push(box);
    return box;
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

interface Folder {
  readonly uri: { toString(): string };
  readonly name: string;
}

export const workspace = {
  workspaceFolders: undefined as Folder[] | undefined,
  updateWorkspaceFolders(start: number, count: number, ...added: Folder[]): boolean {
    const folders = [...(workspace.workspaceFolders ?? [])];
    folders.splice(start, count, ...added);
    workspace.workspaceFolders = folders;
    return true;
  },
};

export const extensions = { all: [] as { id: string; packageJSON: unknown }[] };
