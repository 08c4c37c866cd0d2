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
    const logged = (direction: 'C' | 'S'): string[] =>
      server.filter((entry) => entry.direction === direction).map(({ line }) => plain(mask(line, stage)));
    const wrong = differ(id, {
      sent: client.flatMap((event) => (event.kind === 'sent' ? [plain(event.line)] : [])),
      heard: logged('C'),
      received: client.flatMap((event) =>
        event.kind === 'received' ? [{ line: plain(event.line), omitted: event.omitted ?? 0 }] : [],
      ),
      said: logged('S'),
    });
    if (wrong) return `control connection ${index + 1}: ${wrong}`;
  }
  return undefined;
}

interface Dialogue {
  readonly sent: readonly string[];
  readonly heard: readonly string[];
  readonly received: readonly Received[];
  readonly said: readonly string[];
}

/** A line, and how many before it belong to a listing, which a trace does not repeat. */
interface Received {
  readonly line: string;
  readonly omitted: number;
}

/** A connection that breaks takes the last lines with it; one that swallows commands takes any. */
function differ({ point, kind }: CaseId, { sent, heard, received, said }: Dialogue): string | undefined {
  const swallows = point.startsWith('out(control') && kind === 'silence';
  const heardInTime = swallows ? isWithin(heard, sent) : isBeginning(heard, sent);
  if (!heardInTime) return `heard ${heard.join('|')}, sent ${sent.join('|')}`;
  // The server logs what it writes: half a line is a line to it.
  const fits = kind.startsWith('cut') ? isToldInPieces(received, said) : isTold(received, said);
  return fits ? undefined : `received ${received.map(show).join('|')}, said ${said.join('|')}`;
}

function isTold(received: readonly Received[], said: readonly string[]): boolean {
  let at = 0;
  return received.every(({ line, omitted }) => said[(at += omitted + 1) - 1] === line);
}

function isToldInPieces(received: readonly Received[], said: readonly string[]): boolean {
  let at = 0;
  return received.every(({ line, omitted }) => {
    at += omitted;
    // One of what was omitted was cut, too.
    if (omitted > 0 && !line.startsWith(said[at] ?? '')) at++;
    let whole = '';
    while (whole.length < line.length && at < said.length) whole += said[at++];
    return whole === line;
  });
}

function show({ line, omitted }: Received): string {
  return omitted > 0 ? `(${omitted} lines)|${line}` : line;
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
