import assert from 'node:assert/strict';
import type { ServerFiles } from '../../src/workspace/serverFiles';
import { listingLife, revalidateAfter } from '../../src/workspace/directoryCache';
import { renameFile } from '../../src/workspace/renameFile';
import { writeFile } from '../../src/workspace/writeFile';
import { FakeClock } from '../support/fakeClock';
import type { MemoryFiles } from '../support/server/memoryFiles';
import { reference } from '../support/server/personas/reference';
import { vsftpd } from '../support/server/personas/vsftpd';
import { serverFilesOver } from '../support/serverFilesOver';
import { inSession, simulate } from '../support/simSession';

/** The cache over the real engine, which asks SIZE and CWD of each link. */
interface Stage {
  readonly files: ServerFiles;
  readonly disk: MemoryFiles;
  readonly clock: FakeClock;
  /** `name: what it leads to` of each link that a look at the folder shows. */
  look(): Promise<string[]>;
  poll(): Promise<void>;
  /** Names of the links that the server was asked about since this was called last. */
  asked(): string[];
}

const saves = { create: true, overwrite: true };

describe('what links lead to', () => {
  for (const persona of [reference, vsftpd]) {
    describe(`on ${persona.name}`, () => {
      const onStage = (work: (stage: Stage) => Promise<void>): Promise<void> =>
        simulate({ server: { persona } }, (simulation) =>
          inSession(simulation, async (session, { files: disk, commandsSince }) => {
            disk.put('/www/index.html', 'x').put('/www/img/a.png', 'y');
            disk.putLink('/www/nowhere', 'gone').putLink('/www/to-file', 'index.html');
            disk.putLink('/www/to-folder', 'img');
            const clock = new FakeClock();
            const files = serverFilesOver(session, clock);
            const look = async (): Promise<string[]> => {
              const entries = await files.readDirectory('/www');
              const links = entries.filter(({ type }) => type === 'symlink');
              return links.map(({ name, targetType }) => `${name}: ${targetType}`);
            };
            const asked = (): string[] => {
              const entered = commandsSince().map((line) => /^CWD \/www\/(nowhere|to-\w+)$/.exec(line)?.[1]);
              return entered.filter((name) => name !== undefined);
            };
            await look();
            asked();
            const poll = (): Promise<void> => files.cache.revalidateDirectory('/www', 0);
            await work({ files, disk, clock, look, poll, asked });
            files.dispose();
          }),
        );

      const all = ['nowhere', 'to-file', 'to-folder'];
      const shown = ['nowhere: undefined', 'to-file: file', 'to-folder: directory'];

      it('is asked once while their lines stay as they are, also of those that lead nowhere', () =>
        onStage(async ({ clock, look, poll, asked }) => {
          await clock.advance(revalidateAfter + 1);
          assert.deepEqual(await look(), shown);
          for (let round = 0; round < 4; round++) {
            await clock.advance(15_000);
            await poll();
          }
          assert.deepEqual(asked(), []);
        }));

      it('is asked again when somebody looks after a while', () =>
        onStage(async ({ clock, look, asked }) => {
          await clock.advance(listingLife + 1);
          assert.deepEqual(await look(), shown);
          assert.deepEqual(asked(), all);
        }));

      it('is asked of the one that was pointed elsewhere', () =>
        onStage(async ({ disk, clock, look, asked }) => {
          disk.putLink('/www/to-file', 'img');
          await clock.advance(revalidateAfter + 1);
          assert.deepEqual(await look(), [
            'nowhere: undefined',
            'to-file: directory',
            'to-folder: directory',
          ]);
          assert.deepEqual(asked(), ['to-file']);
        }));

      it('is not asked again after a file was saved', () =>
        onStage(async ({ files, clock, look, asked }) => {
          await writeFile(files, '/www/index.html', Buffer.from('xx'), saves);
          await clock.advance(revalidateAfter + 1);
          assert.deepEqual(await look(), shown);
          assert.deepEqual(asked(), []);
        }));

      const changes: Record<string, [(files: ServerFiles) => Promise<void>, string[]]> = {
        'deleted it': [
          (files) => files.delete('/www/img', true),
          ['nowhere: undefined', 'to-file: file', 'to-folder: undefined'],
        ],
        'moved it': [
          (files) => renameFile(files, '/www/img', '/img', false),
          ['nowhere: undefined', 'to-file: file', 'to-folder: undefined'],
        ],
        'made it': [
          (files) => files.createDirectory('/www/gone'),
          ['nowhere: directory', 'to-file: file', 'to-folder: directory'],
        ],
        'wrote it for the first time': [
          (files) => writeFile(files, '/www/gone', Buffer.from('here'), saves),
          ['nowhere: file', 'to-file: file', 'to-folder: directory'],
        ],
      };
      for (const [title, [change, expected]] of Object.entries(changes)) {
        it(`is asked again after we ${title}`, () =>
          onStage(async ({ files, clock, look, asked }) => {
            await change(files);
            asked();
            await clock.advance(revalidateAfter + 1);
            assert.deepEqual(await look(), expected);
            assert.deepEqual(asked(), all);
          }));
      }

      it('is asked again at the next listing when others made or deleted something', () =>
        onStage(async ({ disk, clock, look, poll, asked }) => {
          disk.put('/www/gone', 'here');
          await clock.advance(15_000);
          await poll();
          await clock.advance(15_000);
          await poll();
          assert.deepEqual(asked(), all);
          assert.deepEqual((await look())[0], 'nowhere: file');
        }));

      it('is asked again after another control connection', () =>
        onStage(async ({ files, look, asked }) => {
          files.cache.expire();
          assert.deepEqual(await look(), shown);
          assert.deepEqual(asked(), all);
        }));
    });
  }
});
