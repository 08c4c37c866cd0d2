/** The contrast of two CSS colours, 1 to 21, by WCAG 2.2's formula. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Of `rgb(12, 34, 56)`, as a browser computes colours. */
function luminance(colour: string): number {
  const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(colour)?.slice(1).map(Number);
  if (!parts) throw new Error(`Not a colour: ${colour}`);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => linear(part / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
