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

// ProFTPD with all its modules lists some 60; this is remembered in the profile.
const mostFeatures = 256;

/** Some servers repeat the code before each line, as in `211-MDTM`. */
function withoutCode(line: string, code: string): string {
  return line.startsWith(code) ? line.slice(code.length) : line;
}
