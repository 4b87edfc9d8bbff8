import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { toPng } from '../src/gallery/png.ts';

const docs = join(import.meta.dirname, '../../../docs');

test('the page shows every picture, and there are no others', () => {
  const shown = readFileSync(join(docs, 'gallery.md'), 'utf8').matchAll(/\(gallery\/([^)]+\.png)\)/g);
  assert.deepEqual(new Set([...shown].map(([, file]) => file)), new Set(readdirSync(join(docs, 'gallery'))));
});

test('the pictures stay small enough for a repository', () => {
  const sizes = readdirSync(join(docs, 'gallery')).map((file) => statSync(join(docs, 'gallery', file)).size);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 1_000_000);
});

test('a picture of few colours keeps each of them', () => {
  const colours = [255, 255, 255, 255, 11, 79, 92, 255, 21, 25, 30, 255, 255, 255, 255, 255];
  const png = toPng({ width: 2, height: 2, rgba: new Uint8ClampedArray(colours) });
  const read = pixelsOf(png);
  assert.deepEqual(read, { width: 2, height: 2, rgb: [255, 255, 255, 11, 79, 92, 21, 25, 30, 255, 255, 255] });
});

test('a picture of more colours than a palette holds comes close to each of them', () => {
  const rgba = new Uint8ClampedArray(64 * 64 * 4).map((_, at) => (at % 4 === 3 ? 255 : (at * 37) % 251));
  const { rgb } = pixelsOf(toPng({ width: 64, height: 64, rgba }));
  const wanted = [...rgba].filter((_, at) => at % 4 !== 3);
  const furthest = Math.max(...rgb.map((value, at) => Math.abs(value - (wanted[at] ?? 0))));
  assert.ok(furthest <= 64, `${furthest} off`);
});

/** Reads what `toPng` writes: one byte an index, no filters. */
function pixelsOf(png: Buffer): { width: number; height: number; rgb: number[] } {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const chunk = (type: string) => chunks.get(type) ?? assert.fail(`no ${type}`);
  const [width, height] = [chunk('IHDR').readUInt32BE(0), chunk('IHDR').readUInt32BE(4)];
  const indices = [...inflateSync(chunk('IDAT'))].filter((_, at) => at % (width + 1) !== 0);
  const palette = chunk('PLTE');
  return { width, height, rgb: indices.flatMap((index) => [...palette.subarray(index * 3, index * 3 + 3)]) };
}
