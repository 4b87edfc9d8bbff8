import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content?: Uint8Array | string;
  /** What the directory claims, where that is not so. */
  claimedBytes?: number;
  /** Unix mode, such as 0o120777 for a symbolic link. */
  mode?: number;
  encrypted?: boolean;
}

/** A ZIP (APPNOTE 6.3.10, without its extensions) of whatever entries a test wants, good or bad. */
export const aZip = (entries: readonly ZipEntry[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', claimedBytes, mode = 0o100644, encrypted = false } of entries) {
    const bytes = Buffer.from(content as string);
    const compressed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const fields = Buffer.alloc(26); // from the version needed to the length of extra fields
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0800 | (encrypted ? 1 : 0), 2); // names in UTF-8
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(compressed.length, 14);
    fields.writeUInt32LE(claimedBytes ?? bytes.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, path, compressed]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE((mode << 16) >>> 0, 6);
    end.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, end, path]));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const close = Buffer.alloc(22);
  close.write('PK\x05\x06', 0, 'latin1');
  close.writeUInt16LE(entries.length, 8);
  close.writeUInt16LE(entries.length, 10);
  close.writeUInt32LE(list.length, 12);
  close.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, close]);
};

/** A bundle of files by their paths. */
export const aBundle = (files: Record<string, Uint8Array | string>): Buffer =>
  aZip(Object.entries(files).map(([name, content]) => ({ name, content })));
