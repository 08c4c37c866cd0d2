import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FileType } from 'vscode';
import { revalidateAfter } from '../../src/workspace/directoryCache';
import { at, FileSystemUnderTest } from '../support/fileSystem';

// Few names, so that operations meet: below one another, onto one another, a dot name among them.
const path = fc.constantFrom('/a', '/b', '/.c', '/a/a', '/a/b', '/b/.c', '/a/a/b');

type Operation = (system: FileSystemUnderTest) => Promise<unknown>;

const operation: fc.Arbitrary<{ name: string; run: Operation }> = fc.oneof(
  fc.tuple(path, fc.nat(9), fc.boolean(), fc.boolean()).map(([to, size, create, overwrite]) => ({
    name: `write ${to} ${size} create ${create} overwrite ${overwrite}`,
    run: ({ provider }: FileSystemUnderTest) =>
      provider.writeFile(at(to), new Uint8Array(size), { create, overwrite }),
  })),
  path.map((to) => ({
    name: `make ${to}`,
    run: ({ provider }: FileSystemUnderTest) => provider.createDirectory(at(to)),
  })),
  fc.tuple(path, fc.boolean()).map(([from, recursive]) => ({
    name: `delete ${from} recursive ${recursive}`,
    run: ({ provider }: FileSystemUnderTest) => provider.delete(at(from), { recursive }),
  })),
  fc
    .tuple(fc.constantFrom('rename', 'copy'), path, path, fc.boolean())
    .map(([verb, from, to, overwrite]) => ({
      name: `${verb} ${from} ${to} overwrite ${overwrite}`,
      run: ({ provider }: FileSystemUnderTest) => provider[verb](at(from), at(to), { overwrite }),
    })),
  path.map((from) => ({
    name: `read ${from}`,
    run: ({ provider }: FileSystemUnderTest) => provider.readFile(at(from)),
  })),
  path.map((from) => ({
    name: `list ${from}`,
    run: ({ provider }: FileSystemUnderTest) => provider.readDirectory(at(from)),
  })),
  fc.constantFrom(500, 2_500, 40_000).map((time) => ({
    name: `wait ${time}`,
    run: ({ clock }: FileSystemUnderTest) => clock.advance(time),
  })),
  fc
    .tuple(fc.constantFrom('write', 'remove', 'rename', 'makeDirectory', 'removeDirectory'), fc.boolean())
    .map(([verb, after]) => ({
      name: `fail the next ${verb} ${after ? 'after' : 'before'} its work`,
      run: ({ session }: FileSystemUnderTest) =>
        Promise.resolve(session.failNext(verb, 'connection-lost', { after })),
    })),
);

/** What the provider shows of the server, by stat of each name and by reading each directory. */
async function shown({ provider, session }: FileSystemUnderTest): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const known of [...session.nodes.keys(), '/a', '/b', '/.c', '/a/b', '/a/a/b']) {
    const stat = await provider.stat(at(known)).catch(() => undefined);
    if (stat) found.set(known, stat.type === FileType.Directory ? -1 : stat.size);
    if (stat?.type !== FileType.Directory) continue;
    for (const [name] of await provider.readDirectory(at(known))) {
      const child = known === '/' ? `/${name}` : `${known}/${name}`;
      assert.ok(session.nodes.has(child), `${child} is shown, and is not there`);
    }
  }
  return found;
}

function there({ session }: FileSystemUnderTest): Map<string, number> {
  return new Map(
    [...session.nodes].map(([known, { kind, bytes }]) => [
      known,
      kind === 'directory' ? -1 : (bytes?.length ?? 0),
    ]),
  );
}

/** What links are shown to lead to once their folder is listed anew. */
async function linksShown({ provider, clock }: FileSystemUnderTest): Promise<FileType[]> {
  await clock.advance(revalidateAfter + 1);
  return (await provider.readDirectory(at('/links'))).map(([, type]) => type);
}

function linksThere({ session }: FileSystemUnderTest): FileType[] {
  const typeOf = (path: string): FileType => {
    const kind = session.nodes.get(path)?.kind;
    if (kind === undefined) return FileType.Unknown;
    return kind === 'directory' ? FileType.Directory : FileType.File;
  };
  return ['/a', '/a/b'].map((path) => FileType.SymbolicLink | typeOf(path));
}

describe('changes of our own', () => {
  for (const coarse of [false, true]) {
    const kind = coarse ? 'LIST' : 'MLSD';
    it(`never look old, whatever fails, on a server of the ${kind} kind`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
          const system = new FileSystemUnderTest();
          system.session.coarse = coarse;
          system.session.directory('/a').put('/a/b', 'x').put('/b', 'yy');
          for (const { run, name } of operations) {
            await run(system).catch(() => undefined);
            assert.deepEqual(await shown(system), there(system), `after ${name}`);
          }
          system.provider.dispose();
        }),
        { numRuns: 300 },
      );
    });

    it(`never leave a link looking old on a server of the ${kind} kind`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 10 }), async (operations) => {
          const system = new FileSystemUnderTest();
          system.session.coarse = coarse;
          system.session.directory('/a').put('/a/b', 'x');
          system.session.directory('/links').link('/links/to-a', '/a').link('/links/to-b', '/a/b');
          for (const { run, name } of operations) {
            await run(system).catch(() => undefined);
            assert.deepEqual(await linksShown(system), linksThere(system), `after ${name}`);
          }
          system.provider.dispose();
        }),
        { numRuns: 300 },
      );
    });

    it(`made at once look like some order of them on a server of the ${kind} kind`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 4 }), async (operations) => {
          const system = new FileSystemUnderTest();
          system.session.coarse = coarse;
          system.session.directory('/a').put('/a/b', 'x').put('/b', 'yy');
          await Promise.allSettled(operations.map(({ run }) => run(system)));
          assert.deepEqual(await shown(system), there(system));
          system.provider.dispose();
        }),
        { numRuns: 500 },
      );
    });
  }
});
