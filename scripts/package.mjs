// npm run package: builds portside-<version>.vsix, what the Marketplace and `code --install-extension` take.
import { readFileSync } from 'node:fs';
import { ensureDependencies, projectFolder } from './dependencies.mjs';
import { run, stopAll, stopOnSignals } from './processes.mjs';

stopOnSignals();
try {
  await ensureDependencies(console.log);
  await node('esbuild.mjs', '--production');
  const { version } = JSON.parse(readFileSync(`${projectFolder}package.json`, 'utf8'));
  const file = `portside-${version}.vsix`;
  // Everything is bundled: no node_modules go in.
  const options = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    process.argv[2] ?? file,
  ];
  await node('node_modules/@vscode/vsce/vsce', 'package', ...options);
  console.log(process.argv[2] ?? file);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
await stopAll();

async function node(...args) {
  const { code, output } = await run(process.execPath, args, { cwd: projectFolder });
  if (code !== 0) throw new Error(`node ${args.join(' ')} failed:\n${output}`);
}
