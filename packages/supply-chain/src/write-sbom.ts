/** `npm run sbom [-- <file>]`: the bill of materials of what runs in production, as CycloneDX. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readComponents } from './components.ts';
import { readLockfile } from './lockfile.ts';
import { toBom } from './sbom.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const file = resolve(process.argv[2] ?? join(root, 'invoicepress.cdx.json'));
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'name' | 'version',
  string
>;
const bom = toBom(readComponents(root, readLockfile(root)), { name, version });
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
process.stdout.write(`sbom: ${bom.components.length} components, CycloneDX ${bom.specVersion}, in ${file}\n`);
