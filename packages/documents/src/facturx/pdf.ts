/**
 * Just enough of the PDF syntax (ISO 32000-1) to append an incremental update to a file that Typst wrote: its objects
 * stand in the open, its cross-reference table is a classic one, and each dictionary entry has a line of its own.
 */

export interface Pdf {
  bytes: Buffer;
  /** Where the cross-reference table begins, and where its first entry stands. */
  table: number;
  entries: number;
  /** What the trailer dictionary holds, line by line (7.5.5). */
  trailer: string;
  /** The lowest object number that is free. */
  size: number;
}

/** An object as an update writes it: the text between `obj` and `endobj`. */
export interface PdfObject {
  number: number;
  content: Buffer;
}

/** The trailer and `startxref` of a file are shorter than this. */
const trailerBytes = 1024;
/** `nnnnnnnnnn ggggg n` and two characters that end the line (7.5.4). */
const entryBytes = 20;

/** @throws Error when the file is not of the form that Typst writes */
export function openPdf(file: Uint8Array): Pdf {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const end = bytes.toString('latin1', Math.max(0, bytes.length - trailerBytes));
  const [, trailer, start] =
    /\ntrailer\n<<\n([^]+)\n>>\nstartxref\n(\d+)\n%%EOF\s*$/.exec(end) ?? unlike('its trailer');
  const [, size] = /^ {2}\/Size (\d+)$/m.exec(trailer ?? '') ?? unlike('its number of objects');
  const header = `xref\n0 ${size}\n`;
  const table = Number(start);
  if (!startsAt(bytes, table, header)) unlike('its cross-reference table');
  return { bytes, table, entries: table + header.length, trailer: trailer ?? '', size: Number(size) };
}

/** The text of the dictionary of an object, without its brackets, and where what follows it stands in the file. */
export function dictionaryOf({ bytes, entries }: Pdf, number: number): { lines: string; end: number } {
  const entry = entries + number * entryBytes;
  const offset = Number(bytes.toString('latin1', entry, entry + 10));
  const open = `${number} 0 obj\n<<\n`;
  const close = bytes.indexOf('\n>>\n', offset, 'latin1');
  if (!startsAt(bytes, offset, open) || close < 0) unlike(`object ${number}`);
  return { lines: bytes.toString('latin1', offset + open.length, close), end: close + '\n>>\n'.length };
}

/** The content of a stream object that has no filter (7.3.8). */
export function streamOf(pdf: Pdf, number: number): Buffer {
  const { lines, end } = dictionaryOf(pdf, number);
  const length = /^ {2}\/Length (\d+)$/m.exec(lines)?.[1];
  const start = end + 'stream\n'.length;
  const stop = start + Number(length);
  const plain = !lines.includes('/Filter') && startsAt(pdf.bytes, end, 'stream\n');
  if (!plain || !startsAt(pdf.bytes, stop, '\nendstream\n')) unlike(`stream ${number}`);
  return pdf.bytes.subarray(start, stop);
}

/** The number of the object that an entry refers to. */
export function reference(lines: string, name: string): number {
  const number = new RegExp(`^ {2}/${name} (\\d+) 0 R$`, 'm').exec(lines)?.[1];
  return Number(number ?? unlike(`its /${name}`));
}

export const dictionary = (lines: string): Buffer => Buffer.from(`<<\n${lines}\n>>`, 'latin1');

/** @param lines the entries of the stream's dictionary but its length */
export const stream = (lines: string, content: Buffer): Buffer =>
  Buffer.concat([
    dictionary(`  /Length ${content.length}\n${lines}`),
    text('\nstream\n'),
    content,
    text('\nendstream'),
  ]);

/**
 * The file, byte for byte, and an incremental update after it (7.5.6): new objects, those that take the place of
 * others of the same number, their cross-references and a trailer that leads to the former one.
 * @param id tells this version of the file from the one before (14.4)
 */
export function appendUpdate(pdf: Pdf, objects: PdfObject[], id: string): Uint8Array {
  const parts = [pdf.bytes, text('\n')];
  let length = pdf.bytes.length + 1;
  // Beside the changed objects, an update's table has the head of the list of free ones.
  const sections = ['0 1\n0000000000 65535 f\r\n'];
  for (const { number, content } of objects) {
    const object = Buffer.concat([text(`${number} 0 obj\n`), content, text('\nendobj\n\n')]);
    sections.push(`${number} 1\n${String(length).padStart(10, '0')} 00000 n\r\n`);
    parts.push(object);
    length += object.length;
  }
  const size = Math.max(pdf.size, ...objects.map(({ number }) => number + 1));
  const trailer = pdf.trailer
    .replace(/^ {2}\/Size .*$/m, `  /Size ${size}`)
    .replace(/^( {2}\/ID \[\S+) .*$/m, `$1 (${id})]`)
    .concat(`\n  /Prev ${pdf.table}`);
  parts.push(text(`xref\n${sections.join('')}trailer\n<<\n${trailer}\n>>\nstartxref\n${length}\n%%EOF`));
  return Buffer.concat(parts);
}

const text = (characters: string): Buffer => Buffer.from(characters, 'latin1');

const startsAt = (bytes: Buffer, offset: number, characters: string): boolean =>
  bytes.toString('latin1', offset, offset + characters.length) === characters;

const unlike = (part: string): never => {
  throw new Error(
    `The PDF is not as Typst used to write it: ${part}. Pin Typst, or teach facturx/pdf.ts the new form.`,
  );
};
