import { readToEnd, type ScriptedClient } from './scriptedClient';

/** In the folder where the account arrives. */
export const patternFile = 'small.txt';
const writtenFile = 'written.txt';
const content = Buffer.from('a small file\n'.repeat(50));

/** Long enough for whatever was on its way, even over a slow link. */
const rest = 400;

/**
 * Ways to speak to a server whose cost was measured (test/fixtures/calibration.json). Each is played on a session of
 * its own and answers milliseconds, from the first byte sent to the last reply.
 */
export const patterns: Readonly<Record<string, (client: ScriptedClient) => Promise<number>>> = {
  'read, warm': async (client) => {
    const data = await client.passive();
    await client.stage.pause(rest);
    return client.timed(() => {
      client.send(`RETR ${patternFile}`);
      return Promise.all([readToEnd(data), client.replies(1)]);
    });
  },
  'read, EPRT and RETR together': async (client) => {
    const { extended, ended } = await client.listen();
    await client.stage.pause(rest);
    return client.timed(() => {
      client.send(`EPRT ${extended}`, `RETR ${patternFile}`);
      return Promise.all([ended, client.replies(2)]);
    });
  },
  'read, cold, in turn': async (client) => {
    await client.stage.pause(rest);
    return client.timed(async () => {
      const data = await client.passive();
      client.send(`RETR ${patternFile}`);
      await Promise.all([readToEnd(data), client.replies(1)]);
    });
  },
  'read, cold, EPSV and RETR together': async (client) => {
    await client.stage.pause(rest);
    return client.timed(async () => {
      client.send('EPSV', `RETR ${patternFile}`);
      const data = await client.dial(await client.replies(1));
      await Promise.all([readToEnd(data), client.replies(1)]);
    });
  },
  'read, cold, RETR with the SYN': async (client) => {
    await client.stage.pause(rest);
    return client.timed(async () => {
      client.send('EPSV');
      const dialled = client.dial(await client.replies(1));
      client.send(`RETR ${patternFile}`);
      await Promise.all([dialled.then(readToEnd), client.replies(1)]);
    });
  },
  'write, warm, SIZE behind it': async (client) => {
    const data = await client.passive();
    await client.stage.pause(rest);
    return client.timed(async () => {
      client.send(`STOR ${writtenFile}`, `SIZE ${writtenFile}`);
      // pyftpdlib closes a data connection on which bytes come before STOR does.
      await client.stage.pause(1);
      data.write(content);
      data.end();
      await Promise.all([readToEnd(data), client.replies(2)]);
    });
  },
  '20 × MDTM, first': async (client) => {
    await client.stage.pause(rest);
    return twenty(client);
  },
  '20 × MDTM, later': async (client) => {
    await twenty(client);
    await client.stage.pause(rest);
    return twenty(client);
  },
};

function twenty(client: ScriptedClient): Promise<number> {
  return client.timed(() => {
    client.send(...Array.from({ length: 20 }, () => `MDTM ${patternFile}`));
    return client.replies(20);
  });
}
