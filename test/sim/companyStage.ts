import assert from 'node:assert/strict';
import { FtpError, type FtpSession } from '../../src/ftp';
import type { Persona } from '../support/server/persona';
import { vsftpd } from '../support/server/personas/vsftpd';
import { inSession, simulate, type Simulation, type SimulationOptions } from '../support/simSession';

export interface Setting extends SimulationOptions {
  readonly persona?: Persona;
  readonly files?: number;
}

/** A session in active mode with a server that takes commands in turn, and files of the same size: `/0`, `/1`, … */
export function inActive(
  { persona = vsftpd, files = 12, client, server, ...rest }: Setting,
  work: (session: FtpSession, simulation: Simulation) => Promise<void>,
): Promise<void> {
  const options = {
    ...rest,
    client: { dataConnection: 'active', ...client } as const,
    server: { persona, ...server },
  };
  return simulate(options, async (simulation) => {
    for (let index = 0; index < files; index++) simulation.files.put(`/${index}`, content(index));
    await inSession(simulation, work);
  });
}

/** What became of each: its text, or the code of its error. */
export function readAll(session: FtpSession, paths: readonly (string | number)[]): Promise<string[]> {
  const codeOf = (error: unknown): string =>
    error instanceof FtpError ? error.code : assert.fail(String(error));
  return Promise.all(paths.map((path) => session.read(`/${path}`).then(string, codeOf)));
}

export function content(index: number): string {
  return `file ${String(index).padStart(3, '0')}`;
}

export function contents(many: number): string[] {
  return numbers(many).map(content);
}

export function numbers(many: number): number[] {
  return Array.from({ length: many }, (_, index) => index);
}

export function string(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function verbs(commands: readonly string[]): string {
  return commands.map((line) => line.split(' ')[0]).join(' ');
}

/** Commands that begin so. */
export function count(commands: readonly string[], start: string): number {
  return commands.filter((line) => line.startsWith(start)).length;
}
