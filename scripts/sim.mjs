// npm run sim -- '<case id>' [--plant <name>]: replays one case of the fault matrix (test/support/matrix).
import { spawnSync } from 'node:child_process';
import { ensureDependencies, projectFolder } from './dependencies.mjs';

await ensureDependencies((line) => console.error(line));
const args = ['--import', 'tsx', 'test/support/matrix/replayMain.ts', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { cwd: projectFolder, stdio: 'inherit' });
process.exitCode = status ?? 2;
