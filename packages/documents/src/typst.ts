import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrandFont } from '@invoicepress/invoice';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { measuredCharacters, type CharacterWidths } from './columns.ts';
import { fontPaths } from './fonts.ts';

const templateFolder = join(import.meta.dirname, '../templates/default');
const root = resolve('/invoicepress-has-no-workspace');

/** Where a file of the template, or one that is handed to it, stands in the compiler's world. */
export const pathInWorld = (file: string): string => join(root, file);

/** A compiler whose world is the template and nothing else: sources in memory, under a root that does not exist. */
export function createCompiler(): NodeCompiler {
  const compiler = NodeCompiler.create({ workspace: root, fontArgs: [{ fontPaths: fontPaths() }] });
  for (const file of readdirSync(templateFolder)) {
    compiler.addSource(pathInWorld(file), readFileSync(join(templateFolder, file), 'utf8'));
  }
  return compiler;
}

/**
 * A compiler whose world is empty, for somebody's own template. It takes fonts in memory before those of files, or dies.
 * @param fonts beside ours, as TTF or OTF
 */
export function createEmptyCompiler(fonts: Buffer[]): NodeCompiler {
  return NodeCompiler.create({ workspace: root, fontArgs: [{ fontBlobs: fonts }, { fontPaths: fontPaths() }] });
}

/** For a compiler without our template: brings what the measuring needs, and takes it away again. */
export function measureInEmptyWorld(compiler: NodeCompiler): CharacterWidths {
  compiler.addSource(pathInWorld('widths.typ'), readFileSync(join(templateFolder, 'widths.typ'), 'utf8'));
  const widths = measureCharacters(compiler);
  compiler.resetShadow();
  return widths;
}

/** Asks Typst how wide each character of a font is in the line table; once a font, some 10 ms. */
export function measureCharacters(
  compiler: NodeCompiler,
  font: BrandFont = 'Inter',
  covered = (_character: string): boolean => true,
): CharacterWidths {
  const characters = measuredCharacters.filter(covered);
  compiler.mapShadow(pathInWorld('characters.json'), Buffer.from(JSON.stringify({ font, characters })));
  const mainFilePath = pathInWorld('widths.typ');
  const [widths = []]: number[][] = compiler.query({ mainFilePath }, { selector: '<widths>', field: 'value' });
  return new Map(characters.map((character, index) => [character, widths[index] ?? Number.NaN]));
}
