import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { skip } from '../support/skip';
import { DaemonMissing } from './daemon';
import { tlsDialogueNames, tlsProbe } from './tlsProbe';
import { secureDaemons } from './tlsStage';
import { transcriptFile } from './transcriptFile';

// As probe.test.ts, in TLS. If a daemon is right to behave differently: npx tsx test/servers/storeTranscripts.ts
for (const name of secureDaemons) {
  describe(`${name} says in TLS what its transcripts say`, () => {
    let transcripts: Map<string, string[]>;

    before(async function () {
      try {
        transcripts = await tlsProbe(name);
      } catch (error) {
        if (error instanceof DaemonMissing) skip(this, error.message);
        throw error;
      }
    });

    for (const dialogue of tlsDialogueNames) {
      it(dialogue, () => {
        const stored = readFileSync(transcriptFile(`${name}-tls`, dialogue), 'latin1');
        assert.equal(transcripts.get(dialogue)?.join('\n'), stored.trimEnd());
      });
    }
  });
}
