import type { FileEntry } from './files';

/** One line of `ls -l`: `-rw-r--r--    1 web      web           215 Nov 21 09:30 index.html`, in UTC. */
export function longLine(entry: FileEntry, wallTime: number): string {
  const arrow = entry.type === 'symlink' ? ` -> ${entry.target ?? ''}` : '';
  const links = entry.type === 'directory' ? 2 : 1;
  const size = String(entry.size).padStart(12);
  return `${modeText(entry)} ${String(links).padStart(4)} web      web      ${size} ${dateText(entry.modified, wallTime)} ${entry.name}${arrow}`;
}

/** `type=file;size=215;modify=20241121093000;perm=adfrw;unix.mode=0644;` (RFC 3659 §7.5). */
export function facts(entry: FileEntry, as?: 'cdir' | 'pdir'): string {
  const type = as ?? typeFact(entry);
  const size = entry.type === 'file' ? `size=${entry.size};` : '';
  const modify = compactTime(entry.modified);
  const mode = (entry.mode & 0o7777).toString(8).padStart(4, '0');
  return `type=${type};${size}modify=${modify};perm=${permissions(entry)};unix.mode=${mode};`;
}

/** `20241121093000`, UTC; with `.123` when there are milliseconds (RFC 3659 §2.3). */
export function compactTime(time: number): string {
  const digits = new Date(time).toISOString().replaceAll(/[-:TZ]/g, '');
  return digits.endsWith('.000') ? digits.slice(0, 14) : digits;
}

/** Milliseconds since 1970 of `YYYYMMDDHHMMSS[.sss]`. */
export function parseCompactTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,3})?$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const time = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  if (compactTime(time) !== text.slice(0, 14)) return undefined; // 31 February and its like
  return time + Math.round(Number(match[7] ?? 0) * 1000);
}

function typeFact(entry: FileEntry): string {
  if (entry.type === 'directory') return 'dir';
  return entry.type === 'file' ? 'file' : `OS.unix=slink:${entry.target ?? ''}`;
}

function permissions(entry: FileEntry): string {
  const writable = (entry.mode & 0o200) !== 0;
  if (entry.type === 'directory') return writable ? 'cdeflmp' : 'el';
  return writable ? 'adfrw' : 'r';
}

function modeText(entry: FileEntry): string {
  const kind = entry.type === 'directory' ? 'd' : entry.type === 'symlink' ? 'l' : '-';
  let text = kind;
  for (let bit = 8; bit >= 0; bit--) text += entry.mode & (1 << bit) ? 'xwr'.charAt(bit % 3) : '-';
  return text;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `ls` shows the year instead of the time of day for files older than half a year, and for future ones. */
const HALF_A_YEAR = (365.2425 * 86_400_000) / 2;

function dateText(time: number, wallTime: number): string {
  const date = new Date(time);
  const recent = time <= wallTime && time > wallTime - HALF_A_YEAR;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  const last = recent ? clock : ` ${date.getUTCFullYear()}`;
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${last}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
