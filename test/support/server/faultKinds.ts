/** What can be made of each place; a kind fits the places it stands under, and no other. */
export const faultKinds = {
  reply: [
    'silence',
    'late',
    'close',
    'reset',
    'goodbye',
    'code',
    'garbage',
    'nul',
    'iac',
    'cr-nul',
    'megabyte',
    'doubled',
    'swapped',
    'extra',
    'look-alike',
    'cut',
    'merged',
    'early-final',
    'injected',
  ],
  in: ['cut', 'truncated', 'reset', 'stall', 'trickle', 'more'],
  keep: ['close', 'reset'],
  fin: ['late', 'silence', 'truncated', 'reset'],
  out: ['close', 'reset', 'silence', 'fin', 'early-final', 'run'],
  connect: ['refused', 'ignored', 'fin', 'reset', 'code'],
  accept: ['refused', 'never', 'fin', 'reset', 'stranger', 'other-address'],
  handshake: ['close', 'reset', 'stall', 'alert', 'plain', 'other-certificate', 'forgotten-session'],
  file: ['full', 'denied', 'failed', 'killed', 'killed-for-good', 'run'],
} as const;

export type FaultKind = (typeof faultKinds)[keyof typeof faultKinds][number];

export interface Fault {
  /** `reply(RETR,2)`; see `Points`. */
  readonly point: string;
  readonly kind: FaultKind;
  /** False: at every later point of the same label as well. Default true. */
  readonly once?: boolean;
  /** Of 'keep': after the final reply; default 0. Of 'late', 'cut' (between the two parts), 'trickle' (between two bytes) and 'injected' (absent: in the same segment). */
  readonly milliseconds?: number;
  /** Of 'code': the reply instead. Of data faults: the final reply that follows. */
  readonly code?: number;
  /** Of 'cut' on a reply: how many bytes come first; on data: how many come at all (default: half). */
  readonly bytes?: number;
  /** Of 'stranger' and 'other-address': where from. */
  readonly host?: string;
  /** Of 'run': what happens at this point before things go on: another client writes here. */
  readonly run?: () => void;
}
