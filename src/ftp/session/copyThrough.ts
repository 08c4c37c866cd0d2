import type { FtpSession, TransferOptions } from './ftpSession';

/** To a session that is none of ours: through the two public doors, as a stream. */
export async function copyThrough(
  source: FtpSession,
  path: string,
  target: FtpSession,
  targetPath: string,
  options: TransferOptions,
): Promise<void> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const { signal } = options;
  const received = source.download(path, writable, options);
  const sent = target.upload(readable, targetPath, signal ? { signal } : {});
  const results = await Promise.allSettled([received, sent]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
