import { cleanServerText } from '../sites/serverText';

/** Text that others wrote, for a cell of a Markdown table: it shows as it is and does nothing. */
export function markdownText(text: string): string {
  return cleanServerText(text)
    .replace(/[\\`*_{}[\]()#+\-.!~|>]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
