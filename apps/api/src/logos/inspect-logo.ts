import { inspectJpeg } from './inspect-jpeg.ts';
import { inspectPng } from './inspect-png.ts';
import { inspectSvg } from './inspect-svg.ts';
import { LogoFault, type InspectedLogo } from './logo-fault.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

/** What a file is, found by reading all of it; its name and its sender's word count for nothing. @throws {LogoFault} */
export const inspectLogo = (file: Buffer): InspectedLogo => {
  if (file.subarray(0, PNG.length).equals(PNG)) return inspectPng(file);
  if (file.subarray(0, JPEG.length).equals(JPEG)) return inspectJpeg(file);
  if (/^(\ufeff|\s)*</.test(file.toString('utf8', 0, 100))) return inspectSvg(file);
  throw new LogoFault('is neither PNG nor JPEG nor SVG');
};
