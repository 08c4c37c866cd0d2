/** The only source of chance: temporary names, back-off, port choice. */
export interface Random {
  /** An integer from 0 up to, and without, `bound`. */
  below(bound: number): number;
  bytes(count: number): Uint8Array;
}
