import { FtpError, type FtpErrorCode } from '../protocol/errors';
import type { WriteOptions } from './ftpSession';
import type { Perform } from './operations';
import { giveUpDeflatedUploads } from './wantedParameters';
import { store, verifyStored, type Content, type Stored } from './write';

/**
 * A transfer and its proof. ProFTPD's mod_deflate (1.3.8) garbles some uploads in MODE Z, with 226 or 451, and crawls
 * through others: what could not be stored that way is stored in stream mode, as is everything after it.
 */
export async function save(
  perform: Perform,
  path: string,
  content: () => Content,
  options: WriteOptions,
): Promise<Stored> {
  const attempt = async (): Promise<Stored> => {
    const stored = await perform((link) => store(link, path, content(), options));
    await perform((link) => verifyStored(link, path, stored));
    return stored;
  };
  try {
    return await attempt();
  } catch (error) {
    if (options.append || options.signal?.aborted || !mayBeDeflate(error) || !content().isRepeatable) {
      throw error;
    }
    const gaveUp = await perform((link) => Promise.resolve(giveUpDeflatedUploads(link)));
    if (!gaveUp) throw error;
    return attempt();
  }
}

function mayBeDeflate(error: unknown): boolean {
  return error instanceof FtpError && signs.has(error.code);
}

const signs: ReadonlySet<FtpErrorCode> = new Set<FtpErrorCode>([
  'save-unverified',
  'server-error',
  'data-cut',
  'data-stalled',
  'data-unconfirmed',
]);
