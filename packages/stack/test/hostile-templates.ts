/** Bundles that want more than a template should have, and what is said to each. */
import { constants, deflateRawSync, crc32 } from 'node:zlib';

export interface Hostile {
  name: string;
  files: Record<string, Uint8Array | string>;
  /** Of the first diagnostic; absent where the template is harmless once it is confined. */
  message?: RegExp;
  place?: { file: string; line: number; column: number };
}

/** A while loop ends after 10,000 rounds by Typst's own rule; loops in loops end after years. */
const loops = '#for a in range(9000) { for b in range(9000) { for c in range(9000) {} } }';

/** (module (memory (export "memory") 1) (func (export "spin") (result i32) (loop (br 0)) (i32.const 0))) */
const spinningPlugin = [
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
  [0x03, 0x02, 0x01, 0x00],
  [0x05, 0x03, 0x01, 0x00, 0x01],
  [0x07, 0x11, 0x02, 0x06, ...Buffer.from('memory'), 0x02, 0x00, 0x04, ...Buffer.from('spin'), 0x00, 0x00],
  [0x0a, 0x0b, 0x01, 0x09, 0x00, 0x03, 0x40, 0x0c, 0x00, 0x0b, 0x41, 0x00, 0x0b],
].flat();

/** Black pixels without end: each megabyte of zeros is the same kilobyte of deflated data. */
const pixelBomb = (side: number): Buffer => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const [length, sum, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(type), data])];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const size = (side * 3 + 1) * side;
  const zeros = (count: number, flush: number) => deflateRawSync(Buffer.alloc(count), { finishFlush: flush });
  const megabytes = Math.floor(size / 2 ** 20);
  const adler = Buffer.alloc(4);
  adler.writeUInt16BE(size % 65_521, 0);
  adler.writeUInt16BE(1, 2);
  const data = Buffer.concat([
    Buffer.from([0x78, 0x9c]),
    ...Array<Buffer>(megabytes).fill(zeros(2 ** 20, constants.Z_FULL_FLUSH)),
    zeros(size - megabytes * 2 ** 20, constants.Z_FINISH),
    adler,
  ]);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
};

/** Each level uses the one below it ten times. */
const svgLaughs = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><defs><rect id="a0" width="1" height="1"/>${Array.from(
  { length: 10 },
  (_, level) => `<g id="a${level + 1}">${`<use xlink:href="#a${level}"/>`.repeat(10)}</g>`,
).join('')}</defs><use xlink:href="#a10"/></svg>`;

const svgLink = (target: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image width="9" height="9" xlink:href="${target}"/></svg>`;

/** A font that promises 65,535 tables of 4 GB each. */
const fontBomb = Buffer.concat([Buffer.from([0, 1, 0, 0, 0xff, 0xff]), Buffer.alloc(4_000, 0xff)]);

const main = (source: string, files: Hostile['files'] = {}): Hostile['files'] => ({ 'main.typ': source, ...files });
const at = (line: number, column: number, file = 'main.typ') => ({ file, line, column });
/** Which of its bounds it meets first depends on the machine. */
const stopped = /stopped: it took (?:longer than \d+ ms|more than \d+ MB of memory)/;

export const hostile: Hostile[] = [
  { name: 'loops that do not end', files: main(loops), message: stopped },
  {
    name: 'a recursion that does not end',
    files: main('#let f(n) = 1 + f(n + 1)\n#f(1)'),
    message: /maximum function call depth exceeded/,
    place: at(1, 17),
  },
  {
    name: 'a string that doubles',
    files: main('#let s = "x" * 1000\n#for i in range(40) { s += s }'),
    message: stopped,
  },
  { name: 'an array that doubles', files: main('#let a = (1,)\n#for i in range(60) { a += a }'), message: stopped },
  { name: 'content that fills the memory', files: main('#for i in range(100000000) [A #i ]'), message: stopped },
  {
    name: 'pages without end',
    files: main('#for i in range(3000) { pagebreak() }'),
    message: /has 3001 pages, and may have 1000/,
  },
  {
    name: 'a page of a million kilometres',
    files: main('#set page(width: 1e15pt, height: 1e15pt)\nA'),
    message: /page is larger than 14400 points/,
  },
  {
    name: 'a file above its root',
    files: main('\n#read("../../etc/passwd")'),
    message: /reads the files of its bundle/,
    place: at(2, 7),
  },
  { name: 'its own environment', files: main('#include "/proc/self/environ"'), message: /file not found/ },
  {
    name: 'a package of the network',
    files: main('#import "@preview/cetz:0.3.0": canvas'),
    message: /there are no packages here/,
    place: at(1, 9),
  },
  {
    name: 'a plugin that spins',
    files: main(`#let p = plugin(bytes((${spinningPlugin.join(', ')})))\n#str(p.spin())`),
    message: stopped,
  },
  {
    name: 'attachments',
    files: main(
      '#pdf.attach("a.txt", bytes("A" * 30000000), mime-type: "text/plain", description: "A", relationship: "data")',
    ),
    message: /attaches a file/,
  },
  {
    name: 'incompressible output',
    files: main(
      '#let x = 1\n#for i in range(400000) { x = calc.rem(x * 16807, 2147483647); place(dx: x * 1e-7pt, dy: i * 1e-3pt, str(x)) }',
    ),
    message: /document has \d+ bytes, and may have \d+|stopped: it took/,
  },
  {
    name: 'a picture of 1.6 billion pixels',
    files: main('#image("a.png")', { 'a.png': pixelBomb(40_000) }),
    message: stopped,
  },
  {
    name: 'an SVG that shows a file of the machine',
    files: main('#image("a.svg")', { 'a.svg': svgLink('/etc/passwd') }),
    message: /failed to load linked image/,
  },
  {
    name: 'an SVG of ten billion rectangles',
    files: main('#image("a.svg")', { 'a.svg': svgLaughs }),
    message: /stopped: it took|too many|limit/,
  },
  { name: 'a font that promises too much', files: main('A', { 'a.ttf': fontBomb }) },
  {
    name: 'a source that is no UTF-8',
    files: main('#import "a.typ": a', { 'a.typ': Buffer.from([0x23, 0xff, 0xfe, 0x00]) }),
    message: /no UTF-8/,
  },
  {
    name: 'a source that does not parse',
    files: main('= Invoice\n\n#let total = (1,\n  2\n'),
    message: /unclosed delimiter/,
    place: at(3, 14),
  },
  {
    name: 'a source nested so deeply that it overflows the stack',
    files: main(`#${'('.repeat(300_000)}`),
    message: /.+/,
  },
  {
    name: 'data nested so deeply that it overflows the stack',
    files: main('#json("a.json")', { 'a.json': '['.repeat(500_000) }),
    message: /failed to parse JSON/,
  },
  {
    name: 'layout that contradicts itself',
    files: main('#let c = counter("c")\n#context { if c.final().first() < 99 { c.update(c.final().first() + 1) } }'),
    message: /did not converge/,
  },
  {
    name: 'the day that it is',
    files: main('= Invoice\n#let now = datetime.today()\n#now.display()'),
    message: /datetime\.today is not available/,
    place: at(2, 20),
  },
  {
    name: 'texts of the invoice as its own code',
    files: main('#let i = json("invoice.json")\n#eval(i.title + "(")'),
    message: /unclosed delimiter|unknown variable|expected/,
  },
];
