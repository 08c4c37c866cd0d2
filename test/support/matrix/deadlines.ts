import type { Scenario } from './caseId';

/** What every case gives the engine to wait with, in milliseconds: its defaults, spelt out. */
export const timeouts = { connect: 15_000, reply: 15_000, stall: 60_000 } as const;

/** A connection that is made, the greeting, USER, PASS, and the batch behind them. */
const signIn = timeouts.connect + 4 * timeouts.reply;

/** The round trips of a healthy link, all together; waits are what costs. */
const travel = 2_000;

/** One way: its reply, the connection, the reply that is still owed when nobody came. */
const oneWay = timeouts.reply + timeouts.connect + timeouts.reply;

/** EPSV and PASV, or EPRT and PORT: a case allows one family. */
const ways = 2;

/** The data come to a stand, and then the reply that the server owes does. */
const transfer = ways * oneWay + timeouts.stall + timeouts.reply;

/** Questions that find out what a refusal meant, or whether all was stored. */
const question = timeouts.reply;

/** By operation, for a session that is signed in; a reconnect counts once, whatever was lost before it. */
const once: Readonly<Record<Scenario['operation'], number>> = {
  list: transfer + 2 * question,
  read: transfer + 2 * question,
  write: transfer + 2 * question,
  rename: timeouts.reply + 2 * question,
};

/** Milliseconds within which an operation has succeeded or failed, whatever happens. */
export const deadlines: Readonly<Record<Scenario['operation'], Readonly<Record<Scenario['state'], number>>>> =
  {
    list: both('list'),
    read: both('read'),
    write: both('write'),
    rename: both('rename'),
  };

function both(operation: Scenario['operation']): Record<Scenario['state'], number> {
  const warm = once[operation] + signIn + once[operation] + travel;
  return { warm, cold: signIn + warm };
}
