import { crc32, deflateSync } from 'node:zlib';

export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue, alpha; row by row. Alpha is ignored: paper is opaque. */
  rgba: Uint8ClampedArray;
}

const maxColours = 256;

/**
 * A PNG with a palette (PNG 1.2, colour type 3), a third of the size of one in true colour. Neighbouring colours become
 * one until there are few enough; on a page of text that is hardly ever needed beyond the last bits of smoothed edges.
 */
export const toPng = ({ width, height, rgba }: Pixels): Buffer => {
  const { palette, indices } = reduceColours(rgba);
  const rows = Buffer.alloc((width + 1) * height); // each row begins with its filter, 0 for none
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // bits per index, palette; the only compression, filters and order that there are
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};

/** Drops the last bits of each channel, as few as it takes. A palette entry is the mean of the colours that share it. */
const reduceColours = (rgba: Uint8ClampedArray): { palette: number[]; indices: Uint8Array } => {
  for (let bits = 0; ; bits++) {
    const found = new Map<number, { index: number; count: number; sum: [number, number, number] }>();
    const indices = new Uint8Array(rgba.length / 4);
    for (let at = 0; at < rgba.length && found.size <= maxColours; at += 4) {
      const [red = 0, green = 0, blue = 0] = rgba.subarray(at, at + 3);
      const key = ((red >> bits) << 16) | ((green >> bits) << 8) | (blue >> bits);
      const colour = found.get(key) ?? { index: found.size, count: 0, sum: [0, 0, 0] };
      colour.count += 1;
      colour.sum = [colour.sum[0] + red, colour.sum[1] + green, colour.sum[2] + blue];
      found.set(key, colour);
      indices[at / 4] = colour.index;
    }
    if (found.size > maxColours) continue;
    return {
      palette: [...found.values()].flatMap(({ count, sum }) => sum.map((part) => Math.round(part / count))),
      indices,
    };
  }
};
