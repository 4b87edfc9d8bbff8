/** A part of `npm run check`: what we build upon, and what could leave with it. Offline; a line for each fault. */
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { readComponents } from './components.ts';
import { faultsOfContainer } from './containers.ts';
import { faultsOfLicences } from './licences.ts';
import { faultsOfLockfile, readLockfile } from './lockfile.ts';
import { faultsOfScripts } from './scripts.ts';
import { faultsOfSecrets } from './secrets.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);
const MAX_LIST_BYTES = 16 * 2 ** 20;

/** Files that git has, or would take; undefined outside of a repository, as in an unpacked archive. */
const filesOfGit = async (): Promise<string[] | undefined> => {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = await run('git', list, { cwd: root, maxBuffer: MAX_LIST_BYTES }).catch(() => undefined);
  return listed && [...new Set(listed.stdout.split('\0').filter(Boolean))];
};

/** The lint for what is dangerous prints its findings itself. */
const lintSecurity = async (): Promise<string[]> => {
  const argv = ['--config', 'packages/supply-chain/security.oxlint.config.ts', '--quiet', '--format=unix', '.'];
  const child = spawn(join(root, 'node_modules/.bin/oxlint'), argv, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  return code === 0 ? [] : said.trim().split('\n');
};

const lockfile = readLockfile(root);
const files = await filesOfGit();
const containers = (files ?? ['infra/containers/Containerfile']).filter((file) =>
  /(?:Container|Docker)file$/.test(file),
);
const steps: Record<string, () => string[] | Promise<string[]>> = {
  lockfile: () => faultsOfLockfile(lockfile),
  licences: () => faultsOfLicences(readComponents(root, lockfile)),
  secrets: () => (files ? faultsOfSecrets(root, files) : ['is not looked for outside of a git repository']),
  containers: async () =>
    (
      await Promise.all(
        containers.map(async (file) => faultsOfContainer(file, await readFile(join(root, file), 'utf8'))),
      )
    ).flat(),
  scripts: () => faultsOfScripts(root, files?.filter((file) => /\.sh$|^\.ci\//.test(file)) ?? []),
  security: lintSecurity,
};

const found = await Promise.all(
  Object.entries(steps).map(async ([name, step]) => (await step()).map((fault) => `${name}: ${fault}`)),
);
for (const line of found.flat()) process.stderr.write(`${line}\n`);
process.exitCode = found.flat().length === 0 ? 0 : 1;
