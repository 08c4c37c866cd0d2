import { deflateSync } from 'node:zlib';

/** A valid PNG of one colour (RFC 2083): `size` by `size` pixels, `colour` as red, green, blue. */
export function png(size: number, colour: readonly [number, number, number]): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  header.set([8, 2, 0, 0, 0], 8); // eight bits, true colour, no interlace
  const row = [0, ...Array.from({ length: size }, () => colour).flat()];
  const pixels = Uint8Array.from(Array.from({ length: size }, () => row).flat());
  // Level 0: the same bytes whatever zlib Node was built with.
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(pixels, { level: 0 })), chunk('IEND', [])];
  return Uint8Array.from([...SIGNATURE, ...parts.flat()]);
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, data: ArrayLike<number>): number[] {
  const body = [...new TextEncoder().encode(type), ...Array.from(data)];
  return [...number(data.length), ...body, ...number(crc32(body))];
}

function number(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
