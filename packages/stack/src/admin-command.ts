import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from './child-environment.ts';

const TIMEOUT_MS = 180_000;

/** Runs the administration command in a process of its own and returns what it printed. @throws what it said on failure */
export const runAdmin = async (argv: string[], env: Record<string, string>): Promise<string> => {
  const file = join(import.meta.dirname, '../../../apps/api/src/admin.ts');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file, ...argv], {
      env: childEnvironment(env),
      timeout: TIMEOUT_MS,
    });
    return stdout.trim();
  } catch (error) {
    throw new Error(`admin ${argv[0]} failed: ${(error as { stderr?: string }).stderr?.trim() || String(error)}`, {
      cause: error,
    });
  }
};
