import { MAX_LOGO_PIXELS } from '@invoicepress/client';
import { constants, crc32, inflateSync } from 'node:zlib';
import { LogoFault, type InspectedLogo } from './logo-fault.ts';

/** Samples of a pixel, and the bits that each may have, by PNG's colour type (PNG 3rd edition, 11.2.1). */
const colourTypes: Readonly<Record<number, { samples: number; depths: number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/** Adam7: where each pass begins, and its steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** An animation's later frames and texts are not printed; what is compressed in them is not looked at either. */
const MAX_PROFILE_BYTES = 1_000_000;
const MAX_FILTER = 4;

/**
 * Reads a PNG to its last row, with every checksum. Not by a library: those that there are inflate whatever a file
 * holds, and half a megabyte can hold half a gigabyte; this one asks for the bytes that the size in its head implies.
 * @throws {LogoFault}
 */
export const inspectPng = (file: Buffer): InspectedLogo => {
  const chunks = chunksOf(file);
  const [head] = chunks;
  if (head?.type !== 'IHDR' || head.data.length !== 13)
    throw new LogoFault('is a PNG that does not begin with its size');
  const [width, height] = [head.data.readUInt32BE(0), head.data.readUInt32BE(4)];
  const [depth = 0, type = -1, compression, filter, interlace] = head.data.subarray(8);
  const colour = colourTypes[type];
  if (
    !colour?.depths.includes(depth) ||
    compression !== 0 ||
    filter !== 0 ||
    (interlace ?? 2) > 1 ||
    width === 0 ||
    height === 0
  )
    throw new LogoFault('is a PNG of a kind that does not exist');
  checkPixels(width, height);
  if (type === 3 && !chunks.some((chunk) => chunk.type === 'PLTE')) throw new LogoFault('is a PNG without its palette');
  checkProfile(chunks.find((chunk) => chunk.type === 'iCCP')?.data);
  const rows = rowsOf(width, height, interlace === 1).filter((row) => row > 0);
  const lengths = rows.map((pixels) => 1 + Math.ceil((pixels * colour.samples * depth) / 8));
  const data = Buffer.concat(chunks.filter((chunk) => chunk.type === 'IDAT').map((chunk) => chunk.data));
  checkRows(
    inflated(
      data,
      lengths.reduce((sum, length) => sum + length, 0),
    ),
    lengths,
  );
  return { mediaType: 'image/png', width, height };
};

export const checkPixels = (width: number, height: number): void => {
  if (width * height <= MAX_LOGO_PIXELS) return;
  const scale = Math.sqrt(MAX_LOGO_PIXELS / (width * height));
  const [w, h] = [width, height].map((side) => Math.max(1, Math.floor(side * scale)));
  throw new LogoFault(
    `has ${width} × ${height} pixels, and ${MAX_LOGO_PIXELS} in all are enough; scale it down to ${w} × ${h}, or send an SVG`,
  );
};

const damaged = (what: string) => new LogoFault(`is a damaged PNG: ${what}; export it again`);

const chunksOf = (file: Buffer): { type: string; data: Buffer }[] => {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; ;) {
    if (at + 12 > file.length) throw damaged('it ends too early');
    const length = file.readUInt32BE(at);
    if (at + 12 + length > file.length) throw damaged('it ends too early');
    const [type, data] = [file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length)];
    if (crc32(file.subarray(at + 4, at + 8 + length)) !== file.readUInt32BE(at + 8 + length))
      throw damaged(`the checksum of its ${/^[A-Za-z]{4}$/.test(type) ? type : 'next'} chunk is wrong`);
    chunks.push({ type, data });
    at += 12 + length;
    if (type !== 'IEND') continue;
    if (at !== file.length) throw damaged('something follows its end');
    return chunks;
  }
};

/** A colour profile is a name and what follows it, compressed. */
const checkProfile = (profile: Buffer | undefined): void => {
  if (!profile) return;
  try {
    inflateSync(profile.subarray(profile.indexOf(0) + 2), { maxOutputLength: MAX_PROFILE_BYTES });
  } catch {
    throw damaged('its colour profile cannot be read');
  }
};

/** The pixels of every row that is stored, pass by pass. */
const rowsOf = (width: number, height: number, interlaced: boolean): number[] =>
  (interlaced ? passes : ([[0, 0, 1, 1]] as const)).flatMap(([x, y, dx, dy]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - y) / dy)) }, () => Math.max(0, Math.ceil((width - x) / dx))),
  );

const inflated = (data: Buffer, length: number): Buffer => {
  let bytes: Buffer;
  try {
    bytes = inflateSync(data, { maxOutputLength: length, finishFlush: constants.Z_FINISH });
  } catch {
    throw damaged('its pixels cannot be read');
  }
  if (bytes.length !== length) throw damaged('pixels are missing');
  return bytes;
};

const checkRows = (bytes: Buffer, lengths: number[]): void => {
  let at = 0;
  for (const length of lengths) {
    if ((bytes[at] ?? 0) > MAX_FILTER) throw damaged('a row of pixels is stored in no known way');
    at += length;
  }
};
