/** Errors that nobody awaits or catches. While it is on, they come here and not to the test runner. */
const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const;

/** Returns what turns it off again. */
export function catchEscapes(escaped: (error: Error) => void): () => void {
  const listener = (reason: unknown): void => escaped(asError(reason));
  const before = events.map((event) => ({ event, listeners: process.rawListeners(event) }));
  for (const event of events) {
    process.removeAllListeners(event);
    process.on(event, listener);
  }
  return () => {
    for (const { event, listeners } of before) {
      process.off(event, listener);
      for (const former of listeners) process.on(event, former as () => void);
    }
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
