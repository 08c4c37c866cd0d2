/** Work that runs on real threads (node:zlib, the disk). In production it is just called. */
export interface Outside {
  run<T>(what: string, work: () => Promise<T>): Promise<T>;
}
