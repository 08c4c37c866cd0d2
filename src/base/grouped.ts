/** 12944 → `12,944`: for the log. `toLocaleString` takes 15 ms when it is first called. */
export function grouped(count: number): string {
  const digits = String(count);
  let text = digits.slice(-3);
  for (let end = digits.length - 3; end > 0; end -= 3) {
    text = `${digits.slice(Math.max(0, end - 3), end)},${text}`;
  }
  return text;
}
