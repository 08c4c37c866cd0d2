import type { FtpSession, TransferOptions } from './ftpSession';

/** Through this computer: as a stream between two sessions, in memory where one session has to do both. */
export async function copyThrough(
  source: FtpSession,
  path: string,
  target: FtpSession,
  targetPath: string,
  options: TransferOptions,
): Promise<void> {
  // One control connection cannot read and write at the same time.
  if (source === target) return target.write(targetPath, await source.read(path, options), options);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const { signal } = options;
  const only = signal ? { signal } : {};
  const results = await Promise.allSettled([
    source.download(path, writable, options),
    target.upload(readable, targetPath, only),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
