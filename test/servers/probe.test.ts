import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { skip } from '../support/skip';
import { type Daemon, DaemonMissing, daemonNames, startDaemon } from './daemon';
import { dialogueNames, probe } from './probe';
import { transcriptFile } from './transcriptFile';

// A daemon of another version that behaves differently shows here, line by line. If it is right to:
// npx tsx test/servers/storeTranscripts.ts
for (const name of daemonNames) {
  describe(`${name} says what its transcripts say`, () => {
    let transcripts: Map<string, string[]>;

    before(async function () {
      this.timeout(180_000); // 48 control connections in turn, beside whatever else this machine does
      let daemon: Daemon;
      try {
        daemon = await startDaemon(name);
      } catch (error) {
        if (error instanceof DaemonMissing) skip(this, error.message);
        throw error;
      }
      try {
        const { host, port, user, password, home } = daemon;
        transcripts = await probe(host, port, user, password, home);
      } finally {
        await daemon.stop();
      }
    });

    for (const dialogue of dialogueNames) {
      it(dialogue, () => {
        const stored = readFileSync(transcriptFile(name, dialogue), 'latin1');
        assert.equal(transcripts.get(dialogue)?.join('\n'), stored.trimEnd());
      });
    }
  });
}
