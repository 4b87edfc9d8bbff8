/** `npm run verify -- <bundle.zip> …`: re-checks proof bundles, offline. docs/proof.md explains what is checked. */
import { createRenderer, type Renderer } from '@invoicepress/documents';
import { maxBundleBytes, readPublicKeys, SignatureRefused, type KeySet } from '@invoicepress/proof';
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Report } from './report.ts';
import { toTable } from './table.ts';
import { verifyBundle } from './verify-bundle.ts';

const usage = `invoicepress verify <bundle.zip> … [--keys <file>] [--json]

  --keys <file>  the issuer's public keys: its /.well-known/jwks.json, or PEM. Without them the key in the bundle is
                 used, which proves only that nothing was changed since somebody signed it.
  --json         the findings as JSON

Exit code: 0 all verified; 1 something is wrong; 2 nothing is wrong, but not everything could be checked, or the
command could not do its work.
`;

/** What is wrong with the command or its files, and not with a bundle. */
class CannotVerify extends Error {
  override readonly name = 'CannotVerify';
}

/** A key set is a few hundred bytes a key. */
const maxKeysBytes = 2 ** 20;

const read = async (file: string, maxBytes: number): Promise<Buffer> => {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new CannotVerify(`${file} has more than ${maxBytes} bytes`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof CannotVerify) throw error;
    throw new CannotVerify(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const readKeys = async (file: string): Promise<KeySet> => {
  try {
    return await readPublicKeys((await read(file, maxKeysBytes)).toString());
  } catch (error) {
    throw error instanceof SignatureRefused ? new CannotVerify(`${file}: ${error.message}`) : error;
  }
};

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { keys: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean' } },
    });
    if (positionals.length === 0 && !values.help) throw new CannotVerify('name at least one bundle');
    return { ...values, bundles: positionals };
  } catch (error) {
    throw new CannotVerify(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
};

const exitCodes: Record<Report['verdict'], number> = { verified: 0, wrong: 1, incomplete: 2 };

const run = async (): Promise<number> => {
  const { bundles, keys: keysFile, json, help } = readArguments();
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const keys = keysFile === undefined ? undefined : await readKeys(keysFile);
  let made: Renderer | undefined;
  const renderer = () => (made ??= createRenderer());
  const reports: ({ file: string } & Report)[] = [];
  for (const file of bundles) {
    const report = await verifyBundle(await read(file, maxBundleBytes), { keys, renderer });
    reports.push({ file, ...report });
    if (!json) process.stdout.write(`${toTable(file, report)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify({ bundles: reports })}\n`);
  const codes = reports.map(({ verdict }) => exitCodes[verdict]);
  return codes.includes(1) ? 1 : Math.max(...codes);
};

try {
  process.exitCode = await run();
} catch (error) {
  // Even a mistake of ours is not to be taken for a verdict about a bundle, as the exit code 1 would be.
  process.stderr.write(`verify: ${error instanceof CannotVerify ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
