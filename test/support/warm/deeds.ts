import assert from 'node:assert/strict';
import { FtpError, type FtpErrorCode, type FtpSession } from '../../../src/ftp';
import type { MemoryFiles } from '../server/memoryFiles';

/** An operation over a data connection: does it, and compares every byte with what has to come of it. */
export interface Deed {
  readonly name: string;
  /** No byte comes back, or the bytes cannot be had twice: it may never notice what befell the data connection. */
  readonly isBlind?: true;
  /** What it fails with, and has to. */
  readonly fails?: FtpErrorCode;
  readonly run: (session: FtpSession, files: MemoryFiles) => Promise<void>;
}

/** The tree that the deeds need. */
export function furnish(files: MemoryFiles): void {
  files.put('/folder/one', 'first').put('/folder/two', 'second').putFolder('/void');
  files.put('/small', small).put('/empty', '').put('/log', 'first line\n').put('/target', 'old');
}

export const deeds: readonly Deed[] = [
  {
    name: 'list',
    run: async (session) => {
      const entries = await session.list('/folder');
      assert.deepEqual(
        entries.map(({ name, size }) => `${name} ${size}`),
        ['one 5', 'two 6'],
      );
    },
  },
  {
    name: 'list an empty folder',
    run: async (session) => assert.deepEqual(await session.list('/void'), []),
  },
  {
    name: 'read',
    run: async (session) => assert.equal(text(await session.read('/small')), small),
  },
  {
    name: 'read an empty file',
    isBlind: true,
    run: async (session) => assert.equal(text(await session.read('/empty')), ''),
  },
  {
    name: 'read what is absent',
    isBlind: true,
    fails: 'not-found',
    run: async (session) =>
      assert.rejects(session.read('/absent'), (error) => FtpError.is(error, 'not-found')),
  },
  {
    name: 'download',
    run: async (session) => {
      const chunks: Uint8Array[] = [];
      const write = (chunk: Uint8Array): unknown => chunks.push(Uint8Array.from(chunk));
      await session.download(
        '/small',
        new WritableStream<Uint8Array>({ write: (chunk) => void write(chunk) }),
      );
      assert.equal(text(Buffer.concat(chunks)), small);
    },
  },
  {
    name: 'write',
    isBlind: true,
    run: async (session, files) => {
      const content = `${files.text('/target')}, and more`;
      await session.write('/target', bytesOf(content));
      assert.equal(files.text('/target'), content);
    },
  },
  {
    name: 'write an empty file',
    isBlind: true,
    run: async (session, files) => {
      files.put('/target', 'to be emptied');
      await session.write('/target', new Uint8Array(0));
      assert.equal(files.text('/target'), '');
    },
  },
  {
    name: 'append',
    isBlind: true,
    run: async (session, files) => {
      const content = `${files.text('/log')}another line\n`;
      await session.write('/log', bytesOf('another line\n'), { append: true });
      assert.equal(files.text('/log'), content);
    },
  },
  {
    name: 'upload',
    isBlind: true,
    run: async (session, files) => {
      const content = `${files.text('/target')}, streamed`;
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytesOf(content));
          controller.close();
        },
      });
      await session.upload(stream, '/target');
      assert.equal(files.text('/target'), content);
    },
  },
];

const small = 'a small file, of which every byte counts';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (content: string): Uint8Array => new TextEncoder().encode(content);
