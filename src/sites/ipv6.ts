/** Whether `text` is an IPv6 address as RFC 4291 §2.2 writes it, without brackets and without a zone. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map(countGroups);
  if (groups.includes(undefined)) return false;
  const total = groups.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  // An IPv4 tail stands for the last two groups, so nothing may follow it.
  if (halves.length === 2 && halves[0]?.includes('.')) return false;
  return halves.length === 2 ? total < 8 : total === 8;
}

/** How many 16-bit groups; undefined when one of them is none. */
function countGroups(half: string): number | undefined {
  if (half === '') return 0;
  const parts = half.split(':');
  const tail = parts.at(-1) ?? '';
  const isMapped = tail.includes('.');
  const plain = isMapped ? parts.slice(0, -1) : parts;
  if (!plain.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  if (!isMapped) return parts.length;
  return isIpv4(tail) ? plain.length + 2 : undefined;
}

function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
}
