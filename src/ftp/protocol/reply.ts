/**
 * One whole reply of a server (RFC 959 §4.2): a code, and one line or several.
 *
 * `bytes` holds each line as it came, code included, without its line end; names in a reply are read from
 * there, in the session's encoding. `lines` is the same as text (UTF-8, undecodable bytes replaced).
 */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
  readonly bytes: readonly Uint8Array[];
}

/** The first digit: what became of the command (RFC 959 §4.2). */
export type Severity = 'preliminary' | 'completed' | 'intermediate' | 'transient' | 'permanent';

const severities: readonly Severity[] = [
  'preliminary',
  'completed',
  'intermediate',
  'transient',
  'permanent',
];

export function severityOf(reply: { readonly code: number }): Severity {
  // Codes below 100 and above 599 never leave the parser.
  return severities[Math.floor(reply.code / 100) - 1] ?? 'permanent';
}

/** The server's words without the code: the last line, which is the only one of a single-line reply. */
export function replyText(reply: Reply): string {
  return (reply.lines.at(-1) ?? '').slice(4).trim();
}
