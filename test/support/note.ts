import { appendFileSync } from 'node:fs';

/** Says something that is no result. `npm test` prints it below the tier's numbers; mocha alone, where it happens. */
export function note(text: string): void {
  const results = process.env['PORTSIDE_TEST_RESULTS'];
  if (results === undefined) console.log(`      ${text}`);
  else appendFileSync(results, `${JSON.stringify({ state: 'note', title: text })}\n`);
}
