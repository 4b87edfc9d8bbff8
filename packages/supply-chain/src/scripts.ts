import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Shell files can be read by the shell that they name, stop at the first error, and know no unset variable. */
export const faultsOfScripts = async (root: string, files: readonly string[]): Promise<string[]> => {
  const faults: string[] = [];
  for (const file of files) {
    const source = await readFile(join(root, file), 'utf8').catch(() => '');
    const shell = /^#!(?:\/usr\/bin\/env )?(?:\/bin\/)?(sh|bash)\b/.exec(source)?.[1];
    if (shell === undefined) {
      if (file.endsWith('.sh')) faults.push(`${file}: begins with no "#!" of sh or bash`);
      continue;
    }
    const options = /^set -([a-z]+)/m.exec(source)?.[1] ?? '';
    if (!options.includes('e') || !options.includes('u')) faults.push(`${file}: lacks "set -eu"`);
    const fault = await run(shell, ['-n', join(root, file)]).then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)),
    );
    if (fault !== undefined) faults.push(`${file}: ${fault}`);
  }
  return faults;
};
