/** A command before it is encoded. The argument is encoded in the session's file-name encoding. */
export interface Command {
  readonly verb: string;
  readonly argument?: string;
  /** The argument is a secret: it is shown as six asterisks and never quoted in an error. */
  readonly secret?: boolean;
}
