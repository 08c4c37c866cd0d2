import type { Reply } from './reply';

/**
 * How many bytes a running transfer has moved, as the reply to a bare STAT tells (RFC 959 §4.1.3); undefined where it
 * does not say. The replies of two servers are known to:
 *
 *      STOR /b.iso (631072)            ProFTPD
 *      Total bytes received: 565536    pyftpdlib; of a RETR, `sent`
 */
export function bytesInStatus({ lines }: Reply, verb: 'RETR' | 'STOR'): number | undefined {
  for (const line of lines) {
    const words = line.trim();
    const bytes =
      behind(words, totals[verb]) ?? (words.startsWith(`${verb} `) ? inBrackets(words) : undefined);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}

const totals = { RETR: 'Total bytes sent:', STOR: 'Total bytes received:' } as const;

function behind(words: string, begin: string): number | undefined {
  return words.startsWith(begin) ? numberIn(words.slice(begin.length).trim()) : undefined;
}

function inBrackets(words: string): number | undefined {
  return words.endsWith(')') ? numberIn(words.slice(words.lastIndexOf('(') + 1, -1)) : undefined;
}

function numberIn(text: string): number | undefined {
  const number = Number(text);
  return text !== '' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
