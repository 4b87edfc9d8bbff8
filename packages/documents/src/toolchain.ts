/** What documents are made with. Imported apart from the renderer, so that naming it loads neither Typst nor fonts. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

const { version, dependencies } = createRequire(import.meta.url)('../package.json') as Manifest;

/** The Typst inside of the compiler's package, as every PDF names it too. */
const typst = '0.14.2';

const fonts = Object.entries(dependencies)
  .filter(([name]) => name.startsWith('@expo-google-fonts/'))
  .map(([name, pinned]) => `${name}@${pinned}`)
  .toSorted();

/**
 * The versions that a document's bytes can depend on, beside its template's: `invoicepress@0.1.0 node@24.21.0
 * typst@0.14.2 fonts@…`. Node stands for its ICU (dates, amounts, names of countries) and its zlib. The fonts' version is
 * the beginning of the SHA-256 of the pinned packages' names and versions, one a line.
 */
export const toolchain = [
  `invoicepress@${version}`,
  `node@${process.versions.node}`,
  `typst@${typst}`,
  `fonts@${createHash('sha256').update(fonts.join('\n')).digest('hex').slice(0, 12)}`,
].join(' ');
