/** Where a test run keeps its files. */
import { chmod, statfs } from 'node:fs/promises';
import { temporaryFolder } from './services/daemon.ts';

const memory = '/dev/shm';
/** Several times the 482 MB that were the most seen in a run of all packages, looked at every five seconds. */
const enoughBytes = 4 * 1024 ** 3;

/**
 * A folder in memory, where the databases of the tests are made several times as fast as on a disk, deleted on
 * disposal. Undefined where there is too little room (a container has 64 MB of it by default), and where TMPDIR says
 * where temporary files are to be.
 */
export const folderInMemory = async (): Promise<({ path: string } & AsyncDisposable) | undefined> => {
  if (process.env['TMPDIR'] !== undefined) return undefined;
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  if (Math.min(bavail * bsize, process.availableMemory() / 2) < enoughBytes) return undefined;
  const folder = await temporaryFolder('test', memory);
  // PostgreSQL, which root starts as another account, must be able to enter it.
  await chmod(folder.path, 0o711);
  return folder;
};
