import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkbench } from '../browser';
import { launchChromium } from './chromium.mjs';
import { type CodeServer, startCodeServer, type WhatToOpen } from './codeServer.mjs';

export interface RunningCode {
  readonly url: string;
  readonly page: Page;
  readonly server: CodeServer;
  /** Ends browser and server, and removes the user data unless the caller gave the folder. */
  stop(): Promise<void>;
}

/** Starts VS Code with nothing but the given extension, and opens it in a headless browser. */
export async function startCode(
  options: WhatToOpen & {
    userData?: string;
    environment?: Record<string, string>;
    settings?: Readonly<Record<string, unknown>>;
  },
): Promise<RunningCode> {
  const own = options.userData ?? mkdtempSync(path.join(os.tmpdir(), 'portside-code-'));
  const { environment = {}, settings = {} } = options;
  const server = await startCodeServer({ userData: own, environment, settings });
  const browser = await launchChromium();
  const stop = async () => {
    await browser.close();
    await server.stop();
    if (!options.userData) rmSync(own, { recursive: true, force: true });
  };
  try {
    const url = server.address(options);
    return { url, server, page: await openWorkbench(browser, url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
