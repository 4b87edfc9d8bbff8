import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';

/** Milliseconds after which a part that has not answered counts as away. */
const CHECK_TIMEOUT_MS = 2_000;

/** `GET /healthz`: the process runs. */
export const healthz: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

/**
 * `GET /readyz`: whether requests would be served. Without its database the API can accept nothing; without the
 * queue invoices only wait for the sweeper, and without storage only links are missing, so these two are reported
 * but do not take the process out of service.
 */
export const readyz =
  ({ database, queue, storage }: Pick<Context, 'database' | 'queue' | 'storage'>): RequestHandler =>
  async (_req, res) => {
    const [databaseUp, queueUp, storageUp] = await Promise.all([
      answers(database.ping()),
      answers(queue.ping()),
      answers(storage.ready()),
    ]);
    res.status(databaseUp ? 200 : 503).json({
      status: databaseUp ? 'ready' : 'unready',
      checks: { database: word(databaseUp), queue: word(queueUp), storage: word(storageUp) },
    });
  };

const word = (up: boolean) => (up ? 'up' : 'down');

const answers = async (check: Promise<unknown>): Promise<boolean> => {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  try {
    return await Promise.race([
      check.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
};
