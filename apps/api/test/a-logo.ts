import jpeg from 'jpeg-js';
import { crc32, deflateSync } from 'node:zlib';

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};

interface PngOptions {
  width?: number;
  height?: number;
  interlaced?: boolean;
  /** In place of pixels that fit the size. */
  pixels?: Buffer;
}

/** A PNG in greys of 8 bits. */
export const aPng = ({ width = 40, height = 30, interlaced = false, pixels }: PngOptions = {}): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, interlaced ? 1 : 0], 8);
  const rows = pixels ?? Buffer.alloc((width + 1) * height);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts]);
};

export const aJpeg = ({ width = 40, height = 30 } = {}): Buffer =>
  jpeg.encode({ width, height, data: Buffer.alloc(width * height * 4, 90) }, 80).data;

export const anSvg = (inside = '<path d="M0 0h40v30z"/>', attributes = 'viewBox="0 0 40 30"'): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`);
