import { replay } from './replay';

main().then(
  (failed) => (process.exitCode = failed ? 1 : 0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);

async function main(): Promise<boolean> {
  const [id, option, plant] = process.argv.slice(2);
  if (id === undefined || (option !== undefined && (option !== '--plant' || plant === undefined))) {
    throw new Error("Usage: npm run sim -- '<case id>' [--plant <name>]");
  }
  const { lines, failed } = await replay(id, plant);
  console.log(lines.join('\n'));
  return failed;
}
