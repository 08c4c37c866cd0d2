/** One line of a results file: see test/support/reporter.cjs. */
export interface Result {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly title: string;
  readonly file?: string;
  readonly milliseconds?: number;
  readonly reason?: string;
  readonly error?: string;
}
export function runMocha(label: string, files: readonly string[], node?: string): Promise<Result[]>;
export function runRunner(label: string, program: string): Promise<Result[]>;
export function runCheck(title: string, args: readonly string[]): Promise<Result>;
