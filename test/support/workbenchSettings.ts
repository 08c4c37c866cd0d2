import type { Page } from 'playwright-core';
import { writeSettings } from './code/codeServer.mjs';

/** VS Code's own themes; it names the file in a class of its page. */
export const themes = {
  light: { name: 'Default Light Modern', file: 'light_modern' },
  dark: { name: 'Default Dark Modern', file: 'dark_modern' },
  'high contrast': { name: 'Default High Contrast', file: 'hc_black' },
} as const;

export type ThemeKind = keyof typeof themes;

/** As on a desktop: in a browser VS Code saves by itself and lists the ports of servers it finds. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
};

/**
 * Changes the theme, and answers when the page shows it. VS Code must be past its start: only then does it follow
 * its settings.
 */
export async function useTheme(userData: string, page: Page, kind: ThemeKind): Promise<void> {
  // The icons are a desktop's, too.
  const look = { 'workbench.colorTheme': themes[kind].name, 'workbench.iconTheme': 'vs-seti' };
  writeSettings(userData, { ...quietSettings, ...look });
  await page.locator(`.monaco-workbench[class*="themes-${themes[kind].file}-json"]`).waitFor();
}
