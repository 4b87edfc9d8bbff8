import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrandFont } from '@invoicepress/invoice';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { fontPaths } from './fonts.ts';
import { createRuler, measuredCharacters, type Ruler } from './ruler.ts';

const templateFolder = join(import.meta.dirname, '../templates/default');
/** In the template's folder. */
const measures = 'measures.typ';
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
export function rulerInEmptyWorld(compiler: NodeCompiler): Ruler {
  compiler.addSource(pathInWorld(measures), readFileSync(join(templateFolder, measures), 'utf8'));
  const ruler = rulerOf(compiler);
  compiler.resetShadow();
  return ruler;
}

/** Asks Typst how wide each character of a font is, and how high a line; once a font, some 10 ms. */
export function rulerOf(
  compiler: NodeCompiler,
  font: BrandFont = 'Inter',
  covered = (_character: string): boolean => true,
): Ruler {
  const characters = measuredCharacters.filter(covered);
  compiler.mapShadow(pathInWorld('characters.json'), Buffer.from(JSON.stringify({ font, characters })));
  const found: { widths: number[]; height: number }[] = compiler.query(
    { mainFilePath: pathInWorld(measures) },
    { selector: '<measures>', field: 'value' },
  );
  const { widths, height } = found[0] ?? { widths: [], height: Number.NaN };
  return createRuler(new Map(characters.map((character, index) => [character, widths[index] ?? Number.NaN])), height);
}
