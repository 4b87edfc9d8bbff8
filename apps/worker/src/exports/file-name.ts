import { formatInfo, type Format } from '@invoicepress/invoice';
import { createHash } from 'node:crypto';

/** Hexadecimal characters that keep apart what would look alike: 48 bits, for up to 50,000 names. */
const MARK_CHARACTERS = 12;

/**
 * The name of a document in an archive: the invoice's number, as any file system takes it, and the format's extension.
 * A number of capital letters, digits, "-", "_" and "." stands as it is. Any other gets a mark made of the whole number,
 * since some file systems take "a" and "A" for one, and "A/1" and "A:1" both become "A-1". The same number always has
 * the same name.
 */
export const fileNameOf = (number: string, format: Format): string => {
  const safe = number
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '_')
    .replace(/\.+$/, '');
  const mark = createHash('sha256').update(number).digest('hex').slice(0, MARK_CHARACTERS);
  const isPlain = safe === number && !/[a-z]/.test(number) && !reserved.test(number);
  return `${isPlain ? safe : `${safe}~${mark}`}.${formatInfo[format].extension}`;
};

/** What Windows takes for a device, whatever its extension. */
const reserved = /^(CON|PRN|AUX|NUL|COM\d|LPT\d)(\.|$)/;

/** The index of a part. The first has the plain name, the others their number, so that all can be unpacked into one folder. */
export const indexNameOf = (part: number): string => (part === 1 ? 'index.csv' : `index-${part}.csv`);
