import type { Session } from '../session';
import type { Task } from '../task';

export interface Handler {
  /** Allowed before login. */
  readonly free?: true;
  run(session: Session, argument: string, verb: string): Task;
}

export type HandlerTable = Readonly<Record<string, Handler>>;

/** A command that answers without waiting for anything. */
export function simple(answer: (session: Session, argument: string, verb: string) => void): Handler {
  return {
    *run(session, argument, verb) {
      answer(session, argument, verb);
    },
  };
}

/** The same, also before login. */
export function free(answer: (session: Session, argument: string, verb: string) => void): Handler {
  return { ...simple(answer), free: true };
}
