import path from 'node:path';
import type { DaemonName } from './daemon';

/** Where the transcript of a dialogue with a daemon, in clear or in TLS, is kept. Latin-1, as on the wire. */
export function transcriptFile(daemon: DaemonName | `${DaemonName}-tls`, dialogue: string): string {
  return path.join(__dirname, '../fixtures/transcripts', daemon, `${dialogue}.txt`);
}
