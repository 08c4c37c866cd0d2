// Writes what is generated into the documentation: npm run docs
import { readFile, writeFile } from 'node:fs/promises';
import { withLadders } from './ladder';

const file = new URL('../../../CONTRIBUTING.md', import.meta.url);

async function main(): Promise<void> {
  await writeFile(file, withLadders(await readFile(file, 'utf8')));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
