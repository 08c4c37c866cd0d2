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
  /** Of a modal one. */
  readonly detail?: string;
}

interface MessageOptions {
  readonly modal?: boolean;
  readonly detail?: string;
}

export enum ProgressLocation {
  Notification = 15,
}

export enum ConfigurationTarget {
  Global = 1,
  Workspace = 2,
}

export class CancellationError extends Error {}

interface QuickPickRow {
  readonly label: string;
  readonly buttons?: readonly unknown[];
}

/** A list from which a test chooses: `accept`, `press` and `hide` are what a person does. */
export class QuickPick {
  title = '';
  placeholder = '';
  items: QuickPickRow[] = [];
  selectedItems: QuickPickRow[] = [];
  visible = false;
  private readonly accepted = new Emitter<void>();
  private readonly hidden = new Emitter<void>();
  private readonly pressed = new Emitter<{ item: QuickPickRow | undefined; button: unknown }>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidHide = this.hidden.event;
  readonly onDidTriggerItemButton = this.pressed.event;

  show(): void {
    this.visible = true;
  }

  accept(row: number): void {
    this.selectedItems = this.items.slice(row, row + 1);
    this.accepted.fire();
  }

  press(row: number): void {
    const item = this.items[row];
    this.pressed.fire({ item, button: item?.buttons?.[0] });
  }

  hide(): void {
    this.visible = false;
    this.hidden.fire();
  }

  dispose(): void {
    this.visible = false;
  }
}

/** What a test looks at and prepares; `reset` between tests. */
export const shown = {
  statusBarItems: [] as StatusBarItem[],
  inputBoxes: [] as InputBox[],
  quickPicks: [] as QuickPick[],
  /** Uris of the documents that were opened. */
  documents: [] as unknown[],
  messages: [] as ShownMessage[],
  /** The buttons that a person presses, in order; undefined closes the message. */
  presses: [] as (string | undefined)[],
  /** What a person types into input boxes and chooses in quick picks. */
  inputs: [] as unknown[],
  commands: [] as unknown[][],
  /** What was asked of quick picks and input boxes. */
  questions: [] as unknown[][],
  /** What each progress reported, after its title. */
  progress: [] as unknown[][],
  /** Cancels the progress that is shown. */
  cancel: new Emitter<void>(),
  /** `portside.*`, without the prefix. */
  settings: new Map<string, unknown>(),
  reset(): void {
    const { statusBarItems, inputBoxes, quickPicks, documents, messages, presses, inputs } = this;
    const { commands, questions, progress } = this;
    for (const list of [statusBarItems, inputBoxes, quickPicks, documents]) list.length = 0;
    for (const list of [messages, presses, inputs, commands, questions, progress]) list.length = 0;
    this.settings.clear();
    workspace.workspaceFolders = undefined;
    window.tabGroups.activeTabGroup.activeTab = undefined;
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
  createQuickPick(): QuickPick {
    const pick = new QuickPick();
    shown.quickPicks.push(pick);
    return pick;
  },
  showTextDocument(document: unknown): Promise<unknown> {
    shown.documents.push(document);
    return Promise.resolve(undefined);
  },
  tabGroups: { activeTabGroup: { activeTab: undefined as { input: unknown } | undefined } },
  showErrorMessage(text: string, ...more: (string | MessageOptions)[]): Promise<string | undefined> {
    const buttons = more.filter((item) => typeof item === 'string');
    const options = more.find((item) => typeof item === 'object');
    const detail = options?.modal === true ? options.detail : undefined;
    shown.messages.push({ text, buttons, ...(detail === undefined ? {} : { detail }) });
    return Promise.resolve(shown.presses.shift());
  },
  showWarningMessage(text: string, ...more: (string | MessageOptions)[]): Promise<string | undefined> {
    return window.showErrorMessage(text, ...more);
  },
  showInformationMessage(text: string, ...more: (string | MessageOptions)[]): Promise<string | undefined> {
    return window.showErrorMessage(text, ...more);
  },
  showInputBox(...question: unknown[]): Promise<unknown> {
    shown.questions.push(question);
    return Promise.resolve(shown.inputs.shift());
  },
  showQuickPick(...question: unknown[]): Promise<unknown> {
    shown.questions.push(question);
    return Promise.resolve(shown.inputs.shift());
  },
  withProgress<T>(options: { title: string }, task: (progress: unknown, token: unknown) => T): T {
    const reports: unknown[] = [options.title];
    shown.progress.push(reports);
    const progress = { report: (step: unknown) => reports.push(step) };
    return task(progress, { onCancellationRequested: shown.cancel.event });
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

/** What VS Code announces of the Explorer's copies and moves. */
export const gestures = {
  willCreate: new Emitter<{ files: readonly unknown[] }>(),
  didCreate: new Emitter<{ files: readonly unknown[] }>(),
  willRename: new Emitter<{ files: readonly { newUri: unknown }[] }>(),
  didRename: new Emitter<{ files: readonly { newUri: unknown }[] }>(),
};

interface TextProvider {
  provideTextDocumentContent(uri: unknown): unknown;
}

/** By scheme. */
export const contentProviders = new Map<string, TextProvider>();

export const workspace = {
  onWillCreateFiles: gestures.willCreate.event,
  onDidCreateFiles: gestures.didCreate.event,
  onWillRenameFiles: gestures.willRename.event,
  onDidRenameFiles: gestures.didRename.event,
  registerTextDocumentContentProvider(scheme: string, provider: TextProvider): { dispose(): void } {
    contentProviders.set(scheme, provider);
    return { dispose: () => contentProviders.delete(scheme) };
  },
  getConfiguration(): unknown {
    return {
      get: (key: string) => shown.settings.get(key),
      inspect: () => undefined,
      update: (key: string, value: unknown) => Promise.resolve(shown.settings.set(key, value)),
    };
  },
  workspaceFolders: undefined as Folder[] | undefined,
  updateWorkspaceFolders(start: number, count: number, ...added: Folder[]): boolean {
    const folders = [...(workspace.workspaceFolders ?? [])];
    folders.splice(start, count, ...added);
    workspace.workspaceFolders = folders;
    return true;
  },
};

export const extensions = { all: [] as { id: string; packageJSON: unknown }[] };
