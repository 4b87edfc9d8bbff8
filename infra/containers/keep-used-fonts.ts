/**
 * Run in the worker's image, from the root of the workspace: deletes the font files that no document uses. The font
 * packages carry every weight, about 200 MB; documents need one or two of each.
 */
import { globSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = process.cwd();
const fonts = (await import(pathToFileURL(join(root, 'packages/documents/src/fonts.ts')).href)) as {
  fontPaths: () => string[];
};
const used = new Set(fonts.fontPaths().map((path) => realpathSync(path)));
const all = globSync('node_modules/.pnpm/@expo-google-fonts*/**/*.ttf', { cwd: root }).map((path) =>
  realpathSync(join(root, path)),
);
const unused = all.filter((path) => !used.has(path));
for (const path of unused) rmSync(path);
process.stdout.write(`fonts: ${used.size} used, ${unused.length} deleted\n`);
