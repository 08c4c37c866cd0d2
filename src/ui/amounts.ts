import { env } from 'vscode';

/** `3.4 MB`: decimal units, one digit after the point below a hundred, in the display language. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be shown as 1000 belongs to the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  const number = new Intl.NumberFormat(env.language, { maximumFractionDigits: digits }).format(value);
  return `${number} ${units[unit]}`;
}

/** `43%`, padded with figure spaces (U+2007) as wide as 100%, so that the status bar does not jump. */
export function percentText(share: number): string {
  const format = new Intl.NumberFormat(env.language, { style: 'percent' });
  // A transfer is whole only when its last byte is there: 99.9 % must not read 100 %.
  const whole = Math.floor(Math.min(Math.max(share, 0), 1) * 100) / 100;
  return format.format(whole).padStart(format.format(1).length, '\u2007');
}

/** `0.20 s`, `12 s`, `7 min`, `2 h`. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${decimals(seconds, 2)} s`;
  if (seconds < 100) return `${decimals(seconds, 0)} s`;
  if (seconds < 5400) return `${decimals(seconds / 60, 0)} min`;
  return `${decimals(seconds / 3600, 0)} h`;
}

/** `2 s`, `7 min`: how long something will still take. Hundredths of a guess would only flicker. */
export function remainingText(milliseconds: number): string {
  return milliseconds < 9500
    ? `${decimals(Math.max(1, milliseconds / 1000), 0)} s`
    : durationText(milliseconds);
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

function decimals(value: number, digits: number): string {
  return new Intl.NumberFormat(env.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
