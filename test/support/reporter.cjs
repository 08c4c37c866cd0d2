// Mocha's results as lines of JSON, one per case, written at once: a run that dies keeps what it had.
// Used by every tier, inside VS Code too, so that all results can be added up. Option: output=<file>.
const { appendFileSync } = require('node:fs');

module.exports = class ResultLines {
  constructor(runner, options) {
    const write = (result) => appendFileSync(options.reporterOptions.output, JSON.stringify(result) + '\n');
    runner.on('pass', (test) => write({ state: 'passed', ...about(test) }));
    runner.on('pending', (test) => write({ state: 'skipped', ...about(test), reason: reasonOf(test) }));
    runner.on('fail', (test, error) =>
      write({ state: 'failed', ...about(test), error: describeError(error) }),
    );
    runner.on('end', () => write({ state: 'end' }));
  }
};

function about(test) {
  return { title: test.titlePath().join(' › '), file: test.file, milliseconds: test.duration };
}

// Set by `skip` of test/support/skip.ts on a case or on the suite that cannot run.
function reasonOf(test) {
  for (let owner = test; owner; owner = owner.parent) if (owner.skipReason) return owner.skipReason;
  return 'no reason given';
}

function describeError(error) {
  const text = error?.stack ?? String(error);
  if (error?.showDiff === false || error?.expected === undefined || text.includes('actual')) return text;
  return `${text}\n  actual:   ${shorten(error.actual)}\n  expected: ${shorten(error.expected)}`;
}

function shorten(value) {
  const text = typeof value === 'string' ? value : require('node:util').inspect(value, { depth: 4 });
  return text.length > 2000 ? text.slice(0, 2000) + ' …' : text;
}
