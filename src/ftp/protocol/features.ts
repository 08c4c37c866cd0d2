import { severityOf, type Reply } from './reply';

/**
 * What a server can do, from its reply to FEAT (RFC 2389 §3.2): lines such as `REST STREAM`, upper case, without
 * the blank before them. Empty when it refused.
 */
export function parseFeatures(reply: Reply): string[] {
  if (severityOf(reply) !== 'completed') return [];
  const features: string[] = [];
  // 211-Features:
  //  MDTM
  // 211 End
  for (const line of reply.lines.slice(1, -1)) {
    const feature = withoutCode(line, `${reply.code}-`).trim().toUpperCase();
    if (feature !== '' && features.length < mostFeatures) features.push(feature);
  }
  return features;
}

/** Whether a line of `features` is `name`, alone or with parameters; `name` in upper case. */
export function hasFeature(features: readonly string[], name: string): boolean {
  return features.some((feature) => feature === name || feature.startsWith(`${name} `));
}

/** A fact of MLST, in lower case, and whether the server sends it unasked. */
export interface OfferedFact {
  readonly name: string;
  readonly enabled: boolean;
}

/** The facts that a server offers (RFC 3659 §7.8). Empty where there is no MLST. */
export function mlstFacts(features: readonly string[]): OfferedFact[] {
  // MLST type*;size*;modify*;unix.mode;
  const line = features.find((feature) => feature.startsWith('MLST ')) ?? '';
  const facts = line.slice('MLST '.length).toLowerCase().split(';', mostFeatures);
  return facts
    .map((fact) => fact.trim())
    .filter((fact) => fact !== '' && fact !== '*')
    .map((fact) => ({ name: fact.endsWith('*') ? fact.slice(0, -1) : fact, enabled: fact.endsWith('*') }));
}

// ProFTPD with all its modules lists some 60; this is remembered in the profile.
const mostFeatures = 256;

/** Some servers repeat the code before each line, as in `211-MDTM`. */
function withoutCode(line: string, code: string): string {
  return line.startsWith(code) ? line.slice(code.length) : line;
}
