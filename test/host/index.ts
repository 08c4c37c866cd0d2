import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { plan } from './plan';

/** Called by VS Code in the extension host: runs the bundled suites that lie beside this file. */
export function run(): Promise<void> {
  const { results, reporter } = plan();
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter, reporterOptions: { output: results } });
  const suites = readdirSync(__dirname).filter((name) => name.endsWith('.test.js'));
  for (const name of suites.sort()) mocha.addFile(path.join(__dirname, name));
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} failed`)) : resolve()));
  });
}
