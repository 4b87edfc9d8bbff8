import { MAX_LOGO_PIXELS } from '@invoicepress/client';
import jpeg from 'jpeg-js';
import { checkPixels } from './inspect-png.ts';
import { LogoFault, type InspectedLogo } from './logo-fault.ts';

/** Of the decoder; a million pixels take about a tenth of it. */
const MAX_MEMORY_MB = 128;
const MILLION = 1_000_000;

/** Reads a JPEG to its last pixel. @throws {LogoFault} */
export const inspectJpeg = (file: Buffer): InspectedLogo => {
  const { width, height, components } = frameOf(file);
  checkPixels(width, height);
  if (components === 4) throw new LogoFault('has the four colours of a printing press (CMYK); export it in RGB');
  try {
    jpeg.decode(file, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: MAX_LOGO_PIXELS / MILLION,
      maxMemoryUsageInMB: MAX_MEMORY_MB,
    });
  } catch {
    throw new LogoFault('is a damaged JPEG; export it again');
  }
  return { mediaType: 'image/jpeg', width, height };
};

/** From the first start-of-frame segment (ITU T.81, B.2.2): baseline, extended or progressive, of eight bits. */
const frameOf = (file: Buffer): { width: number; height: number; components: number } => {
  for (let at = 2; at + 10 <= file.length && file[at] === 0xff;) {
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // fill bytes
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (marker > 0xc2 || file[at + 4] !== 8)
        throw new LogoFault('is a JPEG of a rare kind; export it as baseline or progressive JPEG, or as PNG');
      const [height, width, components = 0] = [file.readUInt16BE(at + 5), file.readUInt16BE(at + 7), file[at + 9]];
      if (width > 0 && height > 0) return { width, height, components };
    }
    at += 2 + file.readUInt16BE(at + 2);
  }
  throw new LogoFault('is a damaged JPEG; export it again');
};
