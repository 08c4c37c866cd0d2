/**
 * Pure-FTPd adds a line to its 150 in every hundredth second of the clock. It says nothing about the transfer, and a
 * dialogue must not differ by the moment in which it was held.
 *
 *     S: 150-Accepted data connection
 *     S: 150 The computer is your friend. Trust the computer
 */
export function withoutJokes(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (const line of lines) {
    const last = kept.at(-1);
    if (!joke.test(line)) kept.push(line);
    // It ended the reply: now the line before it does.
    else if (last && line.startsWith(replyEnd)) kept[kept.length - 1] = last.replace('150-', '150 ');
  }
  return kept;
}

const joke = /^S: 150[- ]The computer is your friend\. Trust the computer$/;
const replyEnd = 'S: 150 ';
