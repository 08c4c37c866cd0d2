import type { CaseId } from './caseId';
import type { Stage } from './stage';

/** I13: what the client says it sent and received is what the server says it heard and said. */
export function wrongTrace(id: CaseId, stage: Stage): string | undefined {
  const served = stage.serverSessions();
  const connected = stage.watch.attempts.filter((attempt) => attempt.connected);
  for (const [index, { session, connection }] of connected.entries()) {
    const client = stage.events.filter(
      (event) => event.session === session && event.connection === connection,
    );
    const server = served[index] ?? [];
    const said = (direction: 'C' | 'S'): string[] =>
      server.filter((entry) => entry.direction === direction).map(({ line }) => plain(mask(line, stage)));
    const told = (kind: 'sent' | 'received'): string[] =>
      client.flatMap((event) => (event.kind === kind ? [plain(event.line)] : []));
    const wrong = differ(id, {
      sent: told('sent'),
      heard: said('C'),
      received: told('received'),
      said: said('S'),
    });
    if (wrong) return `control connection ${index + 1}: ${wrong}`;
  }
  return undefined;
}

interface Dialogue {
  readonly sent: readonly string[];
  readonly heard: readonly string[];
  readonly received: readonly string[];
  readonly said: readonly string[];
}

/** A connection that breaks takes the last lines with it; one that swallows commands takes any. */
function differ({ point, kind }: CaseId, { sent, heard, received, said }: Dialogue): string | undefined {
  const swallows = point.startsWith('out(control') && kind === 'silence';
  const heardInTime = swallows ? isWithin(heard, sent) : isBeginning(heard, sent);
  if (!heardInTime) return `heard ${heard.join('|')}, sent ${sent.join('|')}`;
  // The server logs what it writes: half a line is a line to it.
  const [came, went] = kind.startsWith('cut') ? [[received.join('')], [said.join('')]] : [received, said];
  const fits = kind.startsWith('cut') ? went.join('').startsWith(came.join('')) : isBeginning(came, went);
  return fits ? undefined : `received ${received.join('|')}, said ${said.join('|')}`;
}

function isBeginning(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((line, index) => line === whole[index]);
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  return part.every((line) => (at = whole.indexOf(line, at) + 1) > 0);
}

function mask(line: string, stage: Stage): string {
  return line.replaceAll(stage.password, '******');
}

/** Both logs show what cannot be printed, each in its own way. */
function plain(line: string): string {
  return line.replace(/\\x[0-9a-fA-F]{2}|[^\x20-\x7e]/g, '');
}
