import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file system of its own, small enough to be filled; only root can mount one. */
export interface Disk extends AsyncDisposable {
  fill(): Promise<void>;
  free(): Promise<void>;
  readOnly(on: boolean): Promise<void>;
}

const SIZE_MB = 64;
const CHUNK_BYTES = 1_048_576;

const run = promisify(execFile);

/** Undefined where it cannot be arranged. */
export const mountDisk = async (folder: string): Promise<Disk | undefined> => {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0755`, 'tmpfs', folder]);
  } catch {
    return undefined;
  }
  const ballast = join(folder, '.ballast');
  return {
    fill: async () => {
      const write = async (bytes: number): Promise<void> => {
        await writeFile(ballast, Buffer.alloc(bytes), { flag: 'a' });
        return write(bytes);
      };
      for (const bytes of [CHUNK_BYTES, 4_096]) await write(bytes).catch(() => undefined);
    },
    free: () => rm(ballast, { force: true }),
    readOnly: async (on) => void (await run('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, folder])),
    [Symbol.asyncDispose]: async () => void (await run('umount', ['-l', folder])),
  };
};
