/**
 * Skips the case at hand, or from a hook the suite, and says why: `npm test` prints the reason, and with
 * CI=true counts the case as failed. Use `function () { skip(this, '…') }`.
 */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.runnable();
  const isHook = 'type' in runnable && runnable.type === 'hook';
  Object.assign((isHook && runnable.parent) || runnable, { skipReason: reason });
  return context.skip();
}
