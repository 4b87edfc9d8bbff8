import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A file system of its own, small enough to be filled; only root can mount one. */
export interface Disk extends AsyncDisposable {
  fill(): Promise<void>;
  free(): Promise<void>;
  readOnly(on: boolean): Promise<void>;
}

/** Room for the documents of many hundred rounds; memory is used only as it fills. */
const SIZE_BYTES = 4 * 1_024 ** 3;

const SHRINKING_TRIES = 50;

const run = promisify(execFile);

/** Undefined where it cannot be arranged. */
export const mountDisk = async (folder: string): Promise<Disk | undefined> => {
  const mount = async (...options: string[]) =>
    void (await run('mount', ['-t', 'tmpfs', '-o', options.join(), 'tmpfs', folder]));
  try {
    await mount(`size=${SIZE_BYTES}`, 'mode=0755');
  } catch {
    return undefined;
  }
  /** It shrinks to what is on it: full at once, however much that is. Refused when more came to it meanwhile. */
  const shrink = async () => {
    const { blocks, bfree, bsize } = await statfs(folder);
    await mount('remount', `size=${(blocks - bfree) * bsize}`);
  };
  const fill = (tries: number): Promise<void> =>
    shrink().catch((error: unknown) => (tries > 1 ? fill(tries - 1) : Promise.reject(error as Error)));
  return {
    fill: () => fill(SHRINKING_TRIES),
    free: () => mount('remount', `size=${SIZE_BYTES}`),
    readOnly: (on) => mount('remount', on ? 'ro' : 'rw'),
    [Symbol.asyncDispose]: async () => void (await run('umount', ['-l', folder])),
  };
};
