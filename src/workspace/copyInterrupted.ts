/** A copy broke off on its way, for `cause`. */
export class CopyInterrupted extends Error {
  override readonly name = 'CopyInterrupted';

  /** `whatIsWhere`: sentences for a person, which follow those of the cause. */
  constructor(
    override readonly cause: unknown,
    readonly whatIsWhere: string,
  ) {
    super(whatIsWhere, { cause });
  }
}
