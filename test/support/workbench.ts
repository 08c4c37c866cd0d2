import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** VS Code's workbench as a person sees it, in a browser's page. Every method waits until what it needs is there. */
export class Workbench {
  readonly explorer: Locator;
  readonly editor: Locator;
  readonly panel: Locator;
  /** Portside's one status bar item. */
  readonly monitor: Locator;
  readonly toasts: Locator;
  readonly dialog: Locator;
  readonly quickInput: Locator;

  constructor(readonly page: Page) {
    this.explorer = page.locator('.explorer-folders-view');
    this.editor = page.locator('.editor-instance .view-lines');
    this.panel = page.locator('.part.panel');
    this.monitor = page.locator('[id="portside.portside.portside.monitor"]');
    this.toasts = page.locator('.notifications-toasts .notification-toast');
    this.dialog = page.locator('.monaco-dialog-box');
    this.quickInput = page.locator('.quick-input-widget');
  }

  /** Answers the open box; `kind` tells a password box from one that shows what is typed. */
  async answer(text: string, kind: 'password' | 'text'): Promise<void> {
    const input = this.quickInput.locator(`input[type="${kind}"]`);
    await input.fill(text);
    await input.press('Enter');
  }

  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.quickInput.locator('input[type="text"]');
    await input.fill(`>${title}`);
    await this.quickInput.locator('.monaco-list-row').filter({ hasText: title }).first().click();
  }

  /** A row of the Explorer, by the name it shows. */
  row(name: string): Locator {
    const label = this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(name)}$`) });
    return this.explorer.locator('.monaco-list-row').filter({ has: label });
  }

  /** Opens the editor of a file that the Explorer shows, and answers when it has that file's text. */
  async openFile(name: string, text: string): Promise<void> {
    await this.row(name).dblclick();
    await this.editor.filter({ hasText: text }).waitFor();
  }

  /** Names that the Explorer shows now, from top to bottom, with the blanks they have. */
  names(): Promise<string[]> {
    return textsByHeight(this.explorer.locator('.monaco-list-row .label-name'));
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  /** Puts text at the end of the open editor, which leaves it dirty. */
  async append(name: string, text: string): Promise<void> {
    await this.editor.first().click();
    await this.page.keyboard.press('Control+End');
    // At once, not key by key: no suggestion comes between.
    await this.page.keyboard.insertText(text);
    await this.tab(name).and(this.page.locator('.dirty')).waitFor();
  }

  save(): Promise<void> {
    return this.page.keyboard.press('Control+s');
  }

  async isDirty(name: string): Promise<boolean> {
    return (await this.tab(name).and(this.page.locator('.dirty')).count()) === 1;
  }

  async waitForSaved(name: string): Promise<void> {
    await this.tab(name).and(this.page.locator(':not(.dirty)')).waitFor();
  }

  waitForStatus(text: string | RegExp): Promise<void> {
    return this.monitor.filter({ hasText: text }).waitFor();
  }

  /** Lines of the protocol log with `filter` in them, as the Output panel's own filter leaves them. */
  async log(filter: string): Promise<string[]> {
    await this.logFilter.fill(filter);
    const lines = this.panel.locator('.view-line').filter({ hasText: /\S/ });
    await lines.filter({ hasText: filter }).first().waitFor();
    await lines.filter({ hasNotText: filter }).first().waitFor({ state: 'detached' });
    return textsByHeight(lines);
  }

  async showWholeLog(): Promise<void> {
    await this.logFilter.fill('');
    // Its last line, of whatever kind, stands in view again.
    await this.panel.locator('.view-line').nth(1).waitFor();
  }

  private get logFilter(): Locator {
    return this.panel.locator('.viewpane-filter input');
  }

  /** The text of the only notification there is. */
  async onlyToast(text: string | RegExp): Promise<string> {
    await this.toasts.filter({ hasText: text }).waitFor();
    assert.equal(await this.toasts.count(), 1, 'one cause, one notification');
    return (await this.toasts.locator('.notification-list-item-message').textContent()) ?? '';
  }

  async closeToasts(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.toasts.first().waitFor({ state: 'detached' });
  }
}

/** The computed style of an element: `cssOf(panel, 'color')` is `rgb(12, 34, 56)`. */
export function cssOf(element: Locator, property: string): Promise<string> {
  return element.evaluate((node, name) => {
    const browser = globalThis as unknown as {
      getComputedStyle(of: unknown): { getPropertyValue(name: string): string };
    };
    return browser.getComputedStyle(node).getPropertyValue(name);
  }, property);
}

/** What is used of the browser's elements; the project is compiled without the browser's types. */
interface DomElement {
  getBoundingClientRect(): { readonly top: number };
  readonly textContent: string;
}

/** VS Code's lists draw their rows in any order, with blanks that do not break. */
async function textsByHeight(rows: Locator): Promise<string[]> {
  const found = await rows.evaluateAll((elements: DomElement[]) =>
    elements.map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent })),
  );
  return found.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
