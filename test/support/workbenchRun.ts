import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { screenshot } from './browser';
import { type RunningCode, startCode } from './code/startCode';
import type { TlsOptions } from './server/tls/tlsSettings';
import { Workbench } from './workbench';
import { quietSettings, type ThemeKind, useTheme } from './workbenchSettings';
import { WorkbenchSite } from './workbenchSite';

export const project = path.resolve(__dirname, '../..');

/** A server with the sample site, and VS Code with this project's extension, both started for one suite. */
export interface WorkbenchRun {
  readonly site: WorkbenchSite;
  readonly code: RunningCode;
  readonly page: Page;
  readonly workbench: Workbench;
  useTheme(kind: ThemeKind): Promise<void>;
  stop(): Promise<void>;
}

/** `folder`: whether VS Code opens the site, or nothing. `prepare`: done to its data before it starts. `tls`: the site's. */
export async function startWorkbench(what: {
  readonly folder: boolean;
  readonly tls?: TlsOptions;
  readonly prepare?: (userData: string) => void;
  /** Beside those of every suite. */
  readonly settings?: (site: WorkbenchSite) => Readonly<Record<string, unknown>>;
}): Promise<WorkbenchRun> {
  const site = await WorkbenchSite.start(what.tls);
  const userData = mkdtempSync(path.join(os.tmpdir(), 'portside-ui-code-'));
  const removeUserData = (): void => rmSync(userData, { recursive: true, force: true });
  const endings: (() => void | Promise<void>)[] = [removeUserData, () => site.stop()];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    what.prepare?.(userData);
    const folder = what.folder ? site.url : undefined;
    const code = await startCode({
      userData,
      extensionPath: project,
      folder,
      settings: { ...quietSettings, ...what.settings?.(site) },
    });
    endings.push(() => code.stop());
    const { page } = code;
    // Less than a case may take, so that a failure names what it waited for.
    page.setDefaultTimeout(40_000);
    const theme = (kind: ThemeKind): Promise<void> => useTheme(userData, page, kind);
    return { site, code, page, workbench: new Workbench(page), useTheme: theme, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For `afterEach`: what a person would have seen when the case failed. */
export async function evidence(test: Mocha.Test | undefined, run: WorkbenchRun | undefined): Promise<void> {
  if (test?.state !== 'failed' || !run) return;
  console.error(run.site.dialogue.slice(-12).join('\n'));
  await screenshot(run.page, `failed-${test.fullTitle().replaceAll(/\W+/g, '-')}`);
}
