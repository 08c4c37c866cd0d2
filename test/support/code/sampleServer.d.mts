export const user: string;
export const password: string;
export interface SampleServer {
  readonly port: number;
  /** The folder on this machine that it serves. */
  readonly root: string;
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
}
export function startSampleServer(): Promise<SampleServer>;
