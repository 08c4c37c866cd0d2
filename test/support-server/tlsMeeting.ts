import type { ConnectionOptions } from 'node:tls';
import type { ReferenceServer, ServerOptions } from '../support/server/referenceServer';
import type { TlsOptions } from '../support/server/tls/tlsSettings';
import type { Place } from './places';
import { TlsClient } from './tlsClient';

export interface Meeting {
  readonly server: ReferenceServer;
  readonly client: TlsClient;
}

/** A server that keeps what goes over its wires, and a client that has signed in and said PROT P. */
export async function meet(
  place: Place,
  tls: TlsOptions,
  { client: how = {}, ...options }: Partial<ServerOptions> & { client?: ConnectionOptions } = {},
): Promise<Meeting> {
  const server = await place.server(0, { tls, record: true, ...options });
  const client = await TlsClient.loggedIn(place.client.network, server, how);
  place.later(() => client.close());
  return { server, client };
}

export function text(bytes: Iterable<number>): string {
  return Buffer.from([...bytes]).toString();
}

export function lines(reply: string): string[] {
  return reply.split('\n');
}

/** The content type of the last TLS record. */
export function lastRecordType(stream: Uint8Array): number | undefined {
  let type: number | undefined;
  for (let at = 0; at < stream.length; at += 5 + (stream[at + 3] ?? 0) * 256 + (stream[at + 4] ?? 0)) {
    type = stream[at];
  }
  return type;
}
