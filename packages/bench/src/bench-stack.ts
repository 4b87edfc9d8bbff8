import { createClient, type Client } from '@invoicepress/client';
import { createTenant, startEmbedded, type EmbeddedStack } from '@invoicepress/stack/embedded';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interrupted } from './interrupted.ts';

/** Of the one worker, as `npm start` has it on a machine of two cores, and in the bare loop. */
export const RENDERERS = 2;

export interface BenchStackOptions {
  /** Settings that take the place of the embedded parts. */
  environment?: Record<string, string>;
  profileDir: string | undefined;
}

/**
 * Runs `work` against the embedded stack, started for it and gone afterwards, with a client of a tenant of its own.
 * @throws what `work` throws, or what a program of the stack said when it ended by itself
 */
export const onStack = async <T>(
  { environment = {}, profileDir }: BenchStackOptions,
  work: (client: Client, stack: EmbeddedStack) => Promise<T>,
): Promise<T> => {
  await using parts = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'invoicepress-bench-'));
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const settings = {
    ...(await profiling(profileDir)),
    RENDERER_POOL_SIZE: String(RENDERERS),
    ...environment,
  };
  const stack = parts.use(await startEmbedded({ dataDir, workers: 1, temporary: true, environment: settings }));
  const credentials = await createTenant(stack, { slug: 'bench', name: 'Bench', client: 'bench' });
  const client = createClient({ baseUrl: stack.apiUrl, ...credentials });
  return await Promise.race([work(client, stack), stack.broken, interrupted]);
};

/** Node writes the profiles when the programs end. Renderers have an environment of their own and stay out of it. */
const profiling = async (dir: string | undefined): Promise<Record<string, string>> => {
  if (dir === undefined) return {};
  await mkdir(dir, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(dir)}` };
};
