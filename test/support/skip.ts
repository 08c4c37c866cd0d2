/**
 * Skips the case at hand, or from a `before` hook its whole suite, and says why: `npm test` prints the
 * reason, and with CI=true counts the case as failed. Use `function () { skip(this, '…') }`.
 */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.runnable();
  const owner = runnable.type === 'hook' ? (context.currentTest ?? runnable.parent) : runnable;
  Object.assign(owner ?? runnable, { skipReason: reason });
  return context.skip();
}
