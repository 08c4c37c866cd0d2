// npm run bench [-- --quick | --calibrate | --markdown | --only <part>]: Portside beside its peers (test/bench).
import { spawnSync } from 'node:child_process';
import { ensureDependencies, projectFolder } from './dependencies.mjs';

await ensureDependencies((line) => console.error(line));
const args = ['--expose-gc', '--import', 'tsx', 'test/bench/main.ts', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: projectFolder, stdio: 'inherit' });
process.exitCode = status ?? 2;
