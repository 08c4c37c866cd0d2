import type { Certificate, CertificateVerdict, ConnectOptions, FtpSession, StateEvent } from '../../src/ftp';
import type { FaultScript } from './server/faultScript';
import { clearBytes } from './server/tls/traffic';
import { authority, type TlsOptions } from './server/tls/tlsSettings';
import { simulate, type Simulation, type SimulationOptions } from './simSession';

export interface TlsSimulation extends Simulation {
  /** Certificates that the judge was asked about. */
  readonly asked: Certificate[];
  /** What the engine sent and received in clear on its control connections, in order. */
  clear(): { sent: string; received: string };
  /** Texts of the log's lines about TLS. */
  secured(): string[];
}

export interface TlsSimulationOptions {
  /** Of the server; undefined: it has no TLS. */
  readonly tls?: TlsOptions | undefined;
  readonly script?: FaultScript;
  readonly server?: SimulationOptions['server'];
  readonly client?: Partial<ConnectOptions>;
  /** What the judge answers; default 'trusted'. */
  readonly verdict?: (certificate: Certificate) => CertificateVerdict | Promise<CertificateVerdict>;
}

/** The engine and the reference server, which trusts nobody and is trusted: its authority is among the site's. */
export async function simulateTls<T>(
  { tls, script, server, client, verdict = () => 'trusted' }: TlsSimulationOptions,
  main: (simulation: TlsSimulation) => Promise<T>,
): Promise<T> {
  const asked: Certificate[] = [];
  const judge = async (certificate: Certificate): Promise<CertificateVerdict> => {
    asked.push(certificate);
    return verdict(certificate);
  };
  const options: SimulationOptions = {
    server: { record: true, ...(tls && { tls }), ...(script && { script }), ...server },
    client: { security: 'explicit', ...client, tls: { authorities: [authority()], judge, ...client?.tls } },
  };
  return simulate(options, (simulation) =>
    main({
      ...simulation,
      asked,
      clear: () => clearText(simulation),
      secured: () => securedTexts(simulation),
    }),
  );
}

/** Signs in, works, and closes in any case. */
export async function signedIn<T>(
  simulation: Simulation,
  work: (session: FtpSession) => Promise<T>,
  more: Partial<ConnectOptions> = {},
): Promise<T> {
  const session = await simulation.connect(more);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** The words that a `FtpError` is known by. */
export async function failure(
  work: Promise<unknown>,
): Promise<{ code: string; facts: Record<string, unknown> }> {
  const error: unknown = await work.then(
    () => new Error('It succeeded.'),
    (reason: unknown) => reason,
  );
  const { code = String(error), facts = {} } = error as { code?: string; facts?: Record<string, unknown> };
  return { code, facts };
}

function clearText({ server }: Simulation): { sent: string; received: string } {
  const control = server.traffic.filter(({ kind }) => kind === 'control');
  const text = (bytes: Uint8Array): string => Buffer.from(clearBytes(bytes)).toString('latin1');
  return {
    sent: control.map(({ received }) => text(received)).join(''),
    received: control.map(({ sent }) => text(sent)).join(''),
  };
}

function securedTexts({ events }: Simulation): string[] {
  const isSecured = (event: { kind: string; state?: string }): boolean =>
    event.kind === 'state' && event.state === 'secured';
  return events.filter(isSecured).map((event) => (event as StateEvent).text);
}
