import {
  dialects,
  type Dialect,
  type RelayFacts,
  type Role,
  type Step,
} from '../../../src/ftp/relay/dialects';
import type { Reply } from '../../../src/ftp/protocol/reply';

/**
 * A dialect as it goes over the wires, drawn as RFC 959 §5.2 figure 3 has it, the user-PI between the two servers.
 * A listens and receives, B dials and sends. The commands are those of the dialect's own steps, played with servers
 * that answer them.
 */
export function ladderOf(dialect: Dialect): string {
  let facts: RelayFacts = {
    passive: { host: '192.0.2.1', port: 21, family: 4 },
    active: { host: '198.51.100.2', port: 21, family: 4 },
    sender: 'active',
    port: 0,
  };
  const rungs: string[] = [];
  for (const step of dialects[dialect].steps) {
    const reply = samples[step.verb] ?? '200';
    rungs.push(toServer(step.to, wordsOf(step, facts)), toUser(step.to, reply));
    facts = { ...facts, port: step.take?.(replyOf(reply), facts).port ?? facts.port };
  }
  rungs.push(toServer('passive', 'STOR /b.iso'), toServer('active', 'RETR /a.iso'));
  rungs.push(dataConnection(`B dials ${facts.passive.host}, port ${facts.port}, and sends`));
  rungs.push(
    toUser('active', '150'),
    toUser('passive', '150'),
    toUser('active', '226'),
    toUser('passive', '226'),
  );
  return [heading, poles('', ''), ...rungs].join('\n');
}

/** All of them, as they stand in the documentation. */
export function ladders(): string {
  return (Object.keys(dialects) as Dialect[])
    .map((dialect) => `${titles[dialect]}\n\n\`\`\`text\n${ladderOf(dialect)}\n\`\`\``)
    .join('\n\n');
}

/** `text` with the ladders of today between its markers. */
export function withLadders(text: string): string {
  const begin = text.indexOf(beginMark);
  const end = text.indexOf(endMark);
  if (begin < 0 || end < begin) throw new Error(`The markers ${beginMark} and ${endMark} are missing.`);
  return `${text.slice(0, begin + beginMark.length)}\n\n${ladders()}\n\n${text.slice(end)}`;
}

const beginMark = '<!-- ladders: written by `npm run docs` -->';
const endMark = '<!-- /ladders -->';

const titles: Readonly<Record<Dialect, string>> = {
  rfc959: '`rfc959`: RFC 959 §5.2, figure 3',
  rfc2428: '`rfc2428`: the same with the extended commands, also over IPv6',
  rfc478: '`rfc478`: each server is told of the other',
  rfc438: '`rfc438`: the listening server names its socket',
};

/** Replies of servers that are willing; to every other command 200. */
const samples: Readonly<Record<string, string>> = {
  PASV: '227 (192,0,2,1,200,10)',
  EPSV: '229 (|||51210|)',
  LSTN: '255 51210',
};

function wordsOf({ verb, argument }: Step, facts: RelayFacts): string {
  return argument ? `${verb} ${argument(facts)}` : verb;
}

function replyOf(line: string): Reply {
  return { code: Number(line.slice(0, 3)), lines: [line], bytes: [new TextEncoder().encode(line)] };
}

function toServer(to: Role, words: string): string {
  return to === 'passive'
    ? poles(`<${centred(words, width - 1)}`, '')
    : poles('', `${centred(words, width - 1)}>`);
}

function toUser(from: Role, words: string): string {
  return from === 'passive'
    ? poles(`${centred(words, width - 1)}>`, '')
    : poles('', `<${centred(words, width - 1)}`);
}

function dataConnection(words: string): string {
  return `${margin}|<${centred(words, 2 * width, '=')}|`;
}

function poles(left: string, right: string): string {
  return `${margin}|${left.padEnd(width)}|${right.padEnd(width)}|`;
}

function centred(words: string, length: number, line = '-'): string {
  const padded = ` ${words} `;
  const before = Math.max(0, length - padded.length) >> 1;
  return padded.padStart(padded.length + before, line).padEnd(length, line);
}

/** Columns between a server and the user-PI: the longest command fits. */
const width = 34;
const margin = '    ';
const heading = `server A${'user-PI'.padStart(width)}${'server B'.padStart(width + 1)}`;
